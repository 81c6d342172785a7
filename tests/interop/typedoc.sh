#!/usr/bin/env bash
# What credwire reads of the Markdown that TypeDoc makes of published packages, against what it reads
# of their declarations: for three releases of the Markdown plugin, members in lists and in tables, a
# page for each symbol and one for each module. Needs Node and npm, and says so where one of them is
# missing.
#
#   tests/interop/typedoc.sh [PACKAGE@VERSION ENTRY]..
#
# ENTRY is the package's file of declarations, from the package's folder. Without arguments the
# packages below are compared. CREDWIRE_TYPEDOC_FORMS chooses among the runs: `newest list members`
# is one of them, and a pattern of `grep -E` is matched against each.
set -euo pipefail
cd "$(dirname "$0")/../.."

. tests/interop/needs.sh
needs node npm

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
  set -- livekit-client@2.23.0 dist/src/index.d.ts jose@6.2.18 dist/types/index.d.ts \
    oidc-client-ts@3.5.0 dist/types/oidc-client-ts.d.ts google-auth-library@10.9.1 build/src/index.d.ts \
    rxjs@7.8.2 dist/types/index.d.ts jssip@3.13.8 lib/JsSIP.d.ts discord-api-types@0.38.57 v10.d.ts \
    @signalwire/js@4.0.0-beta.12 dist/index.d.mts
fi
packages=()
for ((at = 1; at <= $#; at += 2)); do packages+=("${!at}"); done

install() {
  local folder=$work/$1
  shift
  npm install --prefix "$folder" --silent --no-audit --no-fund "$@" >"$work/npm.log" 2>&1 || {
    cat "$work/npm.log"
    skip "npm cannot install $*"
  }
}
install packages "${packages[@]}" '@types/node@22'
# Each release of the plugin with the TypeDoc that it is made for.
install 4.0.3 typedoc-plugin-markdown@4.0.3 typedoc@0.25.13 typescript@5.4.5
install 4.2.10 typedoc-plugin-markdown@4.2.10 typedoc@0.26.11 typescript@5.6.3
install newest typedoc-plugin-markdown@latest typedoc@0.28 typescript@5.9
cargo build --quiet --locked -p credwire-cli

# The options of a release that make tables.
tables() {
  local option
  for option in parametersFormat propertiesFormat interfacePropertiesFormat classPropertiesFormat \
    typeAliasPropertiesFormat enumMembersFormat typeDeclarationFormat propertyMembersFormat; do
    if grep -rqs "$option" "$work/$1/node_modules/typedoc-plugin-markdown/dist/options"; then
      printf -- '--%s\ntable\n' "$option"
    fi
  done
}

failed=0
printf '%-22s %-7s %-5s %-7s %7s %7s %5s  %s\n' package plugin form pages symbols members true 'differences'
while [ $# -gt 0 ]; do
  name=${1%@*} entry=$2
  declared=$work/packages/node_modules/$name/$entry
  shift 2
  for release in 4.0.3 4.2.10 newest; do
    for form in list table; do
      for strategy in members modules; do
        grep -Eq "${CREDWIRE_TYPEDOC_FORMS:-.}" <<<"$release $form $strategy" || continue
        pages=$work/pages
        rm -rf "$pages"
        options=()
        [ "$form" = list ] || mapfile -t options < <(tables "$release")
        cat >"$work/$release/tsconfig.json" <<JSON
{ "compilerOptions": { "target": "esnext", "module": "esnext", "moduleResolution": "bundler", "strict": true,
    "skipLibCheck": true, "lib": ["esnext", "dom", "dom.iterable"], "types": ["node"],
    "typeRoots": ["$work/packages/node_modules/@types"] },
  "files": ["$declared"] }
JSON
        if ! (cd "$work/$release" && npx --no-install typedoc --plugin typedoc-plugin-markdown \
          --entryPoints "$declared" --tsconfig tsconfig.json --skipErrorChecking --readme none \
          --logLevel Error --outputFileStrategy "$strategy" "${options[@]}" --out "$pages") \
          >"$work/typedoc.log" 2>&1; then
          tail -n 3 "$work/typedoc.log"
          failed=1
          continue
        fi
        target/debug/credwire ingest "$pages" --emit facts >"$work/facts.json" 2>"$work/ingest.log" || {
          grep ': error' "$work/ingest.log" || true
          failed=1
        }
        target/debug/credwire check "$pages" --against "$declared" --lossy --json \
          >"$work/drift.json" 2>"$work/check.log" || true
        node tests/interop/typedoc-table.mjs "$work/facts.json" "$work/drift.json" "$name" "$release" \
          "$form" "$strategy" || failed=1
      done
    done
  done
done
exit $failed
