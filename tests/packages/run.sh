#!/usr/bin/env bash
# Takes published packages through `credwire init` and `cargo check`, each in an empty folder, and prints what came of it.
#
#   tests/packages/run.sh                         those of packages.txt
#   tests/packages/run.sh jose@6.2.18 'p@1 v1'    these; after a blank, what of the package is read
#   tests/packages/run.sh --release [PACKAGE ..]  with an optimized build, as users have it: only then do the times compare
#
# Columns: symbols of the package, those with Rust, those of which at least 98 % of the types of members, parameters and results
# are types of their own; these types in all, the share that is any JSON value or left out where the package says more, those of
# others that a platform brings; type parameters that are dropped, names that nothing explains; seconds and MiB of `init`; seconds
# in which TypeScript's compiler (5.9, `--noEmit`) checks a module that exports the same, without types of anything else in reach
# that the package does not import; whether the crate compiles. `credwire generate --report` in a folder says it by symbol.
# Needs npm and a registry of crates. The exit status is 1 when a crate does not compile.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if ! command -v npm >/dev/null 2>&1; then
  printf 'skipped: npm is not installed\n'
  exit 0
fi
profile=debug options=()
if [ "${1:-}" = --release ]; then
  profile=release options=(--release)
  shift
fi
cargo build --quiet --locked "${options[@]}" --manifest-path "$root/Cargo.toml" --bin credwire
credwire=${CARGO_TARGET_DIR:-$root/target}/$profile/credwire
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(mkdir "$work/tsc" && cd "$work/tsc" && npm init -y && npm install typescript@5.9) >"$work/tsc.log" 2>&1 ||
  printf 'the compiler of TypeScript cannot be installed: its column stays empty\n'
export CARGO_TARGET_DIR=$work/target

if [ $# -gt 0 ]; then
  packages=("$@")
else
  mapfile -t packages < <(grep -v '^#' "$here/packages.txt")
fi

# Runs a command, and prints the most memory that it had, in MiB, after its output.
measured() {
  if [ -x /usr/bin/time ]; then /usr/bin/time -f 'memory %M' "$@"; else "$@"; fi
}

# The seconds that a command takes.
seconds() {
  local began
  began=$(date +%s%N)
  "$@" || true
  node -p "((Number('$(date +%s%N)') - Number('$began')) / 1e9).toFixed(1)"
}

# What the compiler takes for all that a package exports. What it finds wrong with the package takes its time, too.
checked_by_tsc() { # folder, name, what of it
  local tsc=$work/tsc/node_modules/typescript/bin/tsc
  [ -f "$tsc" ] || return 0
  printf 'export * from "%s";\n' "$2${3:+/${3%.d.ts}}" >"$1/all.ts"
  cat >"$1/tsconfig.json" <<'JSON'
{
  "compilerOptions": {
    "noEmit": true, "strict": true, "target": "es2022", "module": "nodenext", "moduleResolution": "nodenext", "types": []
  },
  "files": ["all.ts"]
}
JSON
  seconds node "$tsc" -p "$1" 2>/dev/null | tail -n 1
}

status=0
layout='%-34s %7s %7s %7s %7s %7s %7s %7s %7s %7s %5s %7s  %s\n'
# shellcheck disable=SC2059
row() { printf "$layout" "$@"; }
row package symbols rust typed types untyped opaque dropped unknown seconds MiB tsc compiles
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
  seconds=$(seconds measured "$credwire" init --from "../node_modules/$name${path:+/$path}" 2>init.log | tail -n 1)
  memory=$(sed -n 's/^memory //p' init.log)
  "$credwire" generate --report --json >report.json 2>/dev/null || printf '{}' >report.json
  counts=$(node -p '
    const { totals = {} } = JSON.parse(require("fs").readFileSync("report.json"));
    const { symbols = 0, leftOut = 0, typedSymbols = 0, types = 0, untyped = 0, opaque = 0, droppedParameters = 0 } = totals;
    const share = types ? ((100 * untyped) / types).toFixed(1) : "0.0";
    [symbols, symbols - leftOut, typedSymbols, types, `${share}%`, opaque, droppedParameters].join(" ")')
  read -r -a counts <<<"$counts"
  if cargo check --quiet >check.log 2>&1; then compiles=yes; else compiles=no status=1; fi
  unknown=$(grep -c 'warning\[unknown-type\]' init.log || true)
  row "$package" "${counts[@]}" "$unknown" "$seconds" "${memory:+$((memory / 1024))}" \
    "$(checked_by_tsc "$folder" "$name" "$path")" "$compiles"
  [ $compiles = yes ] || grep -m 5 '^error' check.log init.log || true
done
exit $status
