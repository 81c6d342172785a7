#!/usr/bin/env bash
# The generated JSON Schemas in the readers of others: each of them loads every document, and judges
# samples of it as the generated types do. What npm has: ajv, zod, json-schema-to-typescript,
# quicktype; what PyPI has: datamodel-code-generator with pydantic. Everything is installed in a
# folder of its own; what cannot be had is skipped, with the reason. typify, which has to be built, is
# asked on wish.
#
#   tests/interop/json-schema.sh [--typify]
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() { printf 'skipped: %s\n' "$1"; }
missing() { # command, what it is needed for
  command -v "$1" >/dev/null && return 1
  skip "$2: $1 is not installed"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=tests/interop/json-schema

npm=yes
if missing node 'the readers on npm' || missing npm 'the readers on npm'; then
  npm=
else
  mkdir "$work/npm"
  cp $here/package.json $here/package-lock.json "$work/npm"
  npm ci --prefix "$work/npm" --silent --no-audit --no-fund --ignore-scripts >"$work/log" 2>&1 || {
    cat "$work/log"
    skip 'the readers on npm: npm cannot install them'
    npm=
  }
fi

pypi=yes
if missing python3 'the reader on PyPI'; then
  pypi=
elif ! { python3 -m venv "$work/venv" &&
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check -r $here/requirements.txt; } >"$work/log" 2>&1; then
  cat "$work/log"
  skip 'the reader on PyPI: pip cannot install it'
  pypi=
fi
typify=
if [ "${1:-}" = --typify ]; then
  typify=$work/typify
  cp -r $here/typify "$typify"
  cargo fetch --quiet --manifest-path "$typify/Cargo.toml" 2>"$work/log" || {
    cat "$work/log"
    skip 'typify: cargo cannot fetch it'
    typify=
  }
fi
[ -n "$npm$pypi$typify" ] || exit 0

mkdir "$work/samples" "$work/made"
CREDWIRE_SAMPLES=$work/samples cargo test --quiet --locked -p credwire-tests --test wire_documents samples >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
result=0
if [ -n "$npm" ]; then
  node $here/readers.mjs generated/json-schema "$work/samples" "$work/npm" || result=1
fi
if [ -n "$pypi" ]; then
  "$work/venv/bin/python" $here/readers.py generated/json-schema "$work/samples" "$work/made" || result=1
fi
if [ -n "$typify" ]; then
  CREDWIRE_SCHEMAS=$PWD/generated/json-schema \
    cargo run --quiet --manifest-path "$typify/Cargo.toml" --target-dir "$work/target" -- "$work/samples" || result=1
fi
exit $result
