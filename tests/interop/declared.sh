#!/usr/bin/env bash
# What ingest reads of published packages against what the TypeScript compiler sees: names of
# symbols and members, optionality, readonly, numbers of parameters. Needs Node and npm, and says so
# where one of them is missing.
#
#   tests/interop/declared.sh [PACKAGE ENTRY]..
#
# ENTRY is the package's file of declarations, from the package's folder. Without arguments the
# packages below are compared. With CREDWIRE_TYPESCRIPT nothing is installed: it names a directory
# whose node_modules hold the packages and typescript.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/interop/needs.sh
needs node

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
  set -- livekit-client dist/src/index.d.ts jose dist/types/index.d.ts \
    oidc-client-ts dist/types/oidc-client-ts.d.ts google-auth-library build/src/index.d.ts \
    rxjs dist/types/index.d.ts jssip lib/JsSIP.d.ts discord-api-types v10.d.ts
fi
if [ -z "${CREDWIRE_TYPESCRIPT:-}" ]; then
  needs npm
  packages=()
  for ((at = 1; at <= $#; at += 2)); do packages+=("${!at}"); done
  npm install --prefix "$work" --silent --no-audit --no-fund "${packages[@]}" \
    'typescript@5.9' >"$work/npm.log" 2>&1 || {
    cat "$work/npm.log"
    skip 'npm cannot install the packages'
  }
  CREDWIRE_TYPESCRIPT=$work
fi
cargo build --quiet --locked -p credwire-cli
failed=0
while [ $# -gt 0 ]; do
  file=$CREDWIRE_TYPESCRIPT/node_modules/$1/$2
  printf '%s: ' "$1"
  node tests/interop/declared.mjs "$CREDWIRE_TYPESCRIPT" "$file" >"$work/compiler.json"
  target/debug/credwire ingest "$file" --emit facts >"$work/facts.json" 2>"$work/ingest.log" || {
    cat "$work/ingest.log"
    failed=1
  }
  node tests/interop/declared-compare.mjs "$work/facts.json" "$work/compiler.json" || failed=1
  shift 2
done
exit $failed
