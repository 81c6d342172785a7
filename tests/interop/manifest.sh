#!/usr/bin/env bash
# The generated Custom Elements Manifest against the schema that its authors publish on npm, and in
# tools that read manifests: Storybook, VS Code, types for JSX. Installs the packages in a folder of its
# own; needs Node and npm, and says so where one of them is missing.
#
#   tests/interop/manifest.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/interop/needs.sh
needs node npm

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/interop/manifest/package.json tests/interop/manifest/package-lock.json "$work"
npm ci --prefix "$work" --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps >"$work/npm.log" 2>&1 || {
  cat "$work/npm.log"
  skip 'npm cannot install custom-elements-manifest and its readers'
}
node tests/interop/manifest/readers.mjs generated/custom-elements.json "$work"
export CREDWIRE_MANIFEST_SCHEMA=$work/node_modules/custom-elements-manifest/schema.json
cmp "$CREDWIRE_MANIFEST_SCHEMA" codegen/tests/custom-elements-manifest/schema.json
cargo test --quiet --locked -p credwire-codegen --test manifest -- --nocapture
