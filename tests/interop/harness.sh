# Read by the scripts beside this file: a copy of the peer harness with what it needs from npm.
# Sets $work (removed at the end) with the harness in $work/peer. Needs $peer and $sdk.

. tests/interop/needs.sh
[ -n "$peer" ] || skip 'no peer harness (name its directory as the first argument or in PEER_DIR)'
[ -f "$peer/run-sdk.mjs" ] || skip "$peer has no run-sdk.mjs"
needs node npm

work=$(mktemp -d)
space=
cleanup() {
  if [ -n "$space" ]; then
    kill "$space" 2>/dev/null || true
    wait "$space" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

cp -r "$peer/." "$work/peer"
chmod -R u+w "$work/peer"
(
  cd "$work/peer"
  npm ci --silent && npm install --silent --no-save "@signalwire/js@$sdk"
) >"$work/npm.log" 2>&1 || {
  cat "$work/npm.log"
  skip "npm cannot install @signalwire/js $sdk"
}
target=${CARGO_TARGET_DIR:-target}/debug
case $target in /*) ;; *) target=$PWD/$target ;; esac
