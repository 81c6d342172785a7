#!/usr/bin/env bash
# The official TypeScript SDK against `credwire sandbox`: what it sends and reports has to be the
# same as against the reference mock. Needs Node, npm and the peer harness, and says so where one
# of them is missing.
#
#   tests/interop/run.sh [PEER_DIR] [SCENARIO,..|all]
#
# PEER_DIR defaults to $PEER_DIR, the SDK version to $INTEROP_SDK.
set -euo pipefail
cd "$(dirname "$0")/../.."

peer=${1:-${PEER_DIR:-}}
scenarios=${2:-static-no-scope,scope-with-fingerprint,socket-drop,socket-drop-bound,reconnect-32003,connect-32002,info-401,embed-token}
sdk=${INTEROP_SDK:-4.0.0-beta.12}

. tests/interop/harness.sh

cargo build --quiet --locked -p credwire-cli
"$target/credwire" sandbox >"$work/ready" &
space=$!
for _ in $(seq 100); do
  [ -s "$work/ready" ] && break
  kill -0 "$space" || exit 1
  sleep 0.1
done
ready() { node -p 'JSON.parse(require("fs").readFileSync(process.argv[1]))[process.argv[2]]' "$work/ready" "$1"; }

node "$work/peer/run-sdk.mjs" \
  --sdk "$work/peer/node_modules/@signalwire/js/dist/browser.mjs" --label "$sdk" \
  --space "$(ready domain)" --ca "$(ready ca)" --control "$(ready control)" \
  --project "$(ready project)" --api-token "$(ready apiToken)" \
  --scenario "$scenarios" --out "$work/run"

node "$work/peer/wire.mjs" --compare "$work/run/$sdk" --with "$sdk" --both | tee "$work/compared"
# Loops are not compared, and scenarios without a saved transcript cannot be.
if ! grep -q '^same' "$work/compared"; then
  echo 'nothing was compared' >&2
  exit 1
fi
