#!/usr/bin/env bash
# The browser bundle of the official TypeScript SDK in headless Chromium against `credwire sandbox`, from a page of another
# origin: it connects, activates a key-bound credential, rotates it twice, survives a drop, and reads a refusal. With the peer
# harness what it sends and reports is compared with what it does in Node. Needs Node, npm and Chromium, and says so where one
# of them is missing; with CI=true Chromium is installed as root, and its absence fails.
#
#   tests/interop/browser.sh [PEER_DIR]
#
# PEER_DIR defaults to $PEER_DIR, the SDK version to $INTEROP_SDK, the browser to $CHROMIUM.
set -euo pipefail
cd "$(dirname "$0")/../.."

peer=${1:-${PEER_DIR:-}}
sdk=${INTEROP_SDK:-4.0.0-beta.12}
playwright=1.65.1
scenarios=scope-with-fingerprint,socket-drop-bound,info-401

. tests/interop/needs.sh
needs node npm
browser() { command -v "${CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome; }
if ! browser >/dev/null && [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
if ! browser >/dev/null; then
  [ "${CI:-}" != true ] || { echo 'missing: Chromium (apt-get install chromium, or name it in CHROMIUM)' >&2; exit 1; }
  skip 'Chromium is not installed (name it in CHROMIUM)'
fi

work=$(mktemp -d)
spaces=()
cleanup() {
  for space in "${spaces[@]}"; do
    kill "$space" 2>/dev/null || true
    wait "$space" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT
npm install --prefix "$work" --silent --no-audit --no-fund --ignore-scripts \
  "playwright-core@$playwright" "@signalwire/js@$sdk" >"$work/npm.log" 2>&1 || {
  cat "$work/npm.log"
  skip "npm cannot install playwright-core $playwright and @signalwire/js $sdk"
}

cargo build --quiet --locked -p credwire-cli
target=${CARGO_TARGET_DIR:-target}/debug
sandbox() { # file for the line that it prints, arguments
  local ready=$1
  shift
  "$target/credwire" sandbox "$@" >"$ready" &
  spaces+=("$!")
  for _ in $(seq 100); do
    [ -s "$ready" ] && return
    kill -0 "${spaces[-1]}" || exit 1
    sleep 0.1
  done
}
sandbox "$work/mapped"
# Browsers lead every name under `localhost` to loopback by themselves.
sandbox "$work/localhost" --domain space.localhost

if [ -n "$peer" ]; then
  cp -r "$peer" "$work/peer"
  chmod -R u+w "$work/peer"
  (cd "$work/peer" && npm ci --silent) >"$work/npm.log" 2>&1 || { cat "$work/npm.log"; skip 'npm cannot install what the peer harness needs'; }
  ready() { node -p 'JSON.parse(require("fs").readFileSync(process.argv[1]))[process.argv[2]]' "$work/mapped" "$1"; }
  node "$work/peer/run-sdk.mjs" \
    --sdk "$work/node_modules/@signalwire/js/dist/browser.mjs" --label node \
    --space "$(ready domain)" --ca "$(ready ca)" --control "$(ready control)" \
    --project "$(ready project)" --api-token "$(ready apiToken)" \
    --scenario "$scenarios" --out "$work/run" 2>"$work/node.log" || { cat "$work/node.log" >&2; exit 1; }
else
  echo 'no peer harness: what the SDK does in Node is not compared (name its directory as the first argument or in PEER_DIR)'
fi
NODE_PATH=$work/node_modules node tests/interop/browser/run.cjs \
  --modules "$work/node_modules" --browser "$(browser)" --mapped "$work/mapped" --localhost "$work/localhost" \
  ${peer:+--node "$work/run/node"}
