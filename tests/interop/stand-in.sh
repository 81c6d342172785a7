#!/usr/bin/env bash
# This project's client in the place of the official SDK, against the reference mock: what it sends
# has to be what the SDK's saved transcripts say, but for the differences that
# stand-in/differences.json lists with their reasons. Needs Node, npm, the peer harness and a
# second loopback address, and says so where one of them is missing.
#
#   tests/interop/stand-in.sh [PEER_DIR] [SCENARIO,..|all]
#
# PEER_DIR defaults to $PEER_DIR. $INTEROP_TRANSCRIPTS names the version to compare with.
set -euo pipefail
cd "$(dirname "$0")/../.."

peer=${1:-${PEER_DIR:-}}
scenarios=${2:-static-no-scope,scope-with-fingerprint,socket-drop,socket-drop-bound,reconnect-32003,connect-32002,info-401,embed-token,persist-session-reload}
sdk=${INTEROP_SDK:-4.0.0-beta.12}
transcripts=${INTEROP_TRANSCRIPTS:-4.0.0-rc.2}
[ "$(uname)" = Linux ] || { echo 'skipped: needs the loopback address 127.0.0.2'; exit 0; }
. tests/interop/harness.sh

cargo build --quiet --locked -p credwire-tests --bin sdk-stand-in
if [ "$scenarios" = all ]; then
  # The harness stops itself, and with it every answer, in the scenarios with a frozen event loop.
  scenarios=$(cd "$work/peer/transcripts/$transcripts" && ls | sed -n 's/\.json$//p' | grep -v frozen | paste -sd,)
fi
CREDWIRE_STAND_IN=$target/sdk-stand-in node "$work/peer/run-sdk.mjs" \
  --sdk "$PWD/tests/interop/stand-in/sdk.mjs" --label credwire \
  --scenario "$scenarios" --jobs 3 --out "$work/run"
node tests/interop/stand-in/compare.mjs "$work/run/credwire" "$work/peer/transcripts/$transcripts"
