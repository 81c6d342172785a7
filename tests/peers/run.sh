#!/usr/bin/env bash
# What quicktype, typify and credwire make of the same three declarations, judged by the samples in `samples/`: the metadata of
# an OpenID provider (oidc-client-ts), a user (discord-api-types) and what a token endpoint grants (google-auth-library).
# typify reads JSON Schemas, which ts-json-schema-generator makes of the declarations. Everything is made in a folder of its
# own. The exit status is 1 when credwire gets one of the samples wrong.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/interop/needs.sh"
needs node npm

cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --bin credwire
credwire=${CARGO_TARGET_DIR:-$root/target}/debug/credwire
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/package.json" "$here/package-lock.json" "$here/roots" "$work"
npm ci --prefix "$work" --silent --no-audit --no-fund --ignore-scripts >"$work/log" 2>&1 || {
  cat "$work/log"
  skip 'npm cannot install the packages'
}

crate=$work/crate
mkdir -p "$crate/src/quicktype" "$work/schemas"
cp -r "$here/Cargo.toml" "$here/build.rs" "$here/src" "$crate"
sed -i "s|path = \"../../core\"|path = \"$root/core\"|" "$crate/Cargo.toml"

cd "$work"
for file in roots/*.ts; do
  name=$(basename "$file" .ts)
  npx quicktype --src-lang typescript --lang rust --visibility public "$file" -o "$crate/src/quicktype/$name.rs"
  npx ts-json-schema-generator --path "$file" --no-type-check --jsDoc none --additional-properties \
    -o "schemas/$name.json"
done
module() { # name of the module, folder of the package
  mkdir "$work/$1"
  (cd "$work/$1" && "$credwire" init --mod "$crate/src/$1" --from "$work/node_modules/$2") >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
  }
}
module oidc oidc-client-ts
module discord discord-api-types/payloads/v10/user.d.ts
module google google-auth-library

result=0
CREDWIRE_PEERS=$work/schemas cargo run --quiet --manifest-path "$crate/Cargo.toml" --target-dir "$work/target" -- "$here/samples" \
  >"$work/table" || result=1
cat "$work/table"
sed -n '/^```text$/,/^```$/p' "$root/docs/comparison.md" | sed '1d;$d' | diff - <(sed 's/ *$//' "$work/table") >"$work/log" || {
  printf 'docs/comparison.md has another table:\n'
  cat "$work/log"
  result=1
}
exit $result
