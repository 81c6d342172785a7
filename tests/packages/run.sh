#!/usr/bin/env bash
# Takes published packages through `credwire init` and `cargo check`, each in an empty folder, and prints what came of it.
#
#   tests/packages/run.sh                         those of packages.txt
#   tests/packages/run.sh jose@6.2.18 'p@1 v1'    these; after a blank, what of the package is read
#
# Columns: symbols of the package, those with Rust, those left out, warnings of what is less in Rust (members that are any JSON
# value or are left out among them), names that nothing explains, seconds of `init`, whether the crate compiles.
# Needs npm and a registry of crates. The exit status is 1 when a crate does not compile.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if ! command -v npm >/dev/null 2>&1; then
  printf 'skipped: npm is not installed\n'
  exit 0
fi
cargo build --quiet --locked --manifest-path "$root/Cargo.toml" --bin credwire
credwire=${CARGO_TARGET_DIR:-$root/target}/debug/credwire
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=$work/target

if [ $# -gt 0 ]; then
  packages=("$@")
else
  mapfile -t packages < <(grep -v '^#' "$here/packages.txt")
fi

# The number of warnings of these codes.
warnings() { grep -cE "warning\[($2)\]" "$1" || true; }

status=0
printf '%-34s %8s %8s %8s %8s %8s %8s  %s\n' package symbols rust 'left out' less unknown seconds compiles
for entry in "${packages[@]}"; do
  read -r package path <<<"$entry"
  name=${package%@*}
  folder=$work/$(tr -c 'a-z0-9.\n' - <<<"$name")
  mkdir -p "$folder/crate"
  (cd "$folder" && npm init -y && npm install --ignore-scripts "$package") >"$folder/npm.log" 2>&1 || {
    printf '%-34s cannot be installed\n' "$package"
    status=1
    continue
  }
  cd "$folder/crate"
  began=$(date +%s%N)
  "$credwire" init --from "../node_modules/$name${path:+/$path}" >init.log 2>&1 || true
  seconds=$(node -p "((Number('$(date +%s%N)') - Number('$began')) / 1e9).toFixed(1)")
  "$credwire" generate --report --json >report.json 2>/dev/null || printf '{"items":[]}' >report.json
  counts=$(node -p '
    const { items } = JSON.parse(require("fs").readFileSync("report.json"));
    const out = items.filter((item) => item.reasons.length > 0).length;
    `${items.length} ${items.length - out} ${out}`')
  read -r symbols rust out <<<"$counts"
  if cargo check --quiet >check.log 2>&1; then compiles=yes; else compiles=no status=1; fi
  printf '%-34s %8s %8s %8s %8s %8s %8s  %s\n' "$package" "$symbols" "$rust" "$out" \
    "$(warnings init.log 'simplified|simplified-type|unresolved-base')" "$(warnings init.log unknown-type)" "$seconds" "$compiles"
  [ $compiles = yes ] || grep -m 5 '^error' check.log init.log || true
done
exit $status
