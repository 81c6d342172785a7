#!/usr/bin/env bash
# What the generated types write against the declarations of the official TypeScript SDK, judged by
# `tsc --strict`. Installs the package and the compiler in a folder of its own; needs Node and npm,
# and says so where one of them is missing.
#
#   tests/interop/types.sh
#
# INTEROP_SDK is the SDK version. With CREDWIRE_TYPESCRIPT nothing is installed: it names a directory
# whose node_modules hold @signalwire/js and typescript.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/interop/needs.sh
needs node

if [ -z "${CREDWIRE_TYPESCRIPT:-}" ]; then
  needs npm
  sdk=${INTEROP_SDK:-4.0.0-beta.12}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  npm install --prefix "$work" --silent --no-audit --no-fund \
    "@signalwire/js@$sdk" 'typescript@7.0.2' >"$work/npm.log" 2>&1 || {
    cat "$work/npm.log"
    skip "npm cannot install @signalwire/js $sdk and typescript"
  }
  export CREDWIRE_TYPESCRIPT=$work
fi
cargo test --quiet --locked -p credwire-tests --test wire_documents typescript -- --nocapture
