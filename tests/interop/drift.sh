#!/usr/bin/env bash
# What `credwire check` says of two adjacent versions of published packages, against the TypeScript
# compiler's own view of both: every change of a public symbol or member is told, and nothing else.
# Needs Node and npm, and says so where one of them is missing.
#
#   tests/interop/drift.sh [PACKAGE OLD NEW]..
#
# PACKAGE may end in one of its entry points, `discord-api-types/v10`.
# Without arguments the packages below are compared.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/interop/needs.sh
needs node npm

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
  set -- livekit-client 2.21.0 2.22.0 jose 6.0.13 6.1.0 oidc-client-ts 3.0.1 3.1.0 \
    google-auth-library 10.1.0 10.2.0 rxjs 7.8.1 7.8.2 jssip 3.10.0 3.10.1 \
    discord-api-types/v10 0.38.44 0.38.45 zustand 5.0.16 5.1.0 p-queue 9.3.5 10.0.0 openid-client 6.8.9 6.9.0
fi

install() { # folder, packages
  local folder=$work/$1
  shift
  npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts "$@" >"$work/npm.log" 2>&1 || {
    cat "$work/npm.log"
    skip "npm cannot install $*"
  }
}
install compiler 'typescript@5.9'
cargo build --quiet --locked -p credwire-cli

failed=0
while [ $# -gt 0 ]; do
  name=$1 old=$2 new=$3
  shift 3
  package=$name
  case $name in
    @*/*/*) package=${name%/*} ;;
    @*) ;;
    */*) package=${name%%/*} ;;
  esac
  rm -rf "$work/old" "$work/new"
  install old "$package@$old"
  install new "$package@$new"
  target/debug/credwire check "$work/old/node_modules/$name" --against "$work/new/node_modules/$name" --lossy --json \
    >"$work/drift.json" 2>"$work/check.log" || true
  printf '%s %s %s: ' "$name" "$old" "$new"
  node tests/interop/drift-compare.mjs "$work/compiler" "$name" "$work/old" "$work/new" "$work/drift.json" || failed=1
done
exit $failed
