#!/usr/bin/env bash
# Tool: TypeDoc 0.28.14 with typedoc-plugin-markdown 4.9.0, TypeScript 5.9.3.
#
# Behaviour: a rest element of a tuple whose type is an alias over a type parameter is shown as a list of
# that type. `[...Doubled<A>, string]` spreads a tuple; `[...Doubled<A>[], string]` would spread a list of tuples.
#
# Seen: `[...Doubled<A>[], string]`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts 'typedoc@0.28.14' 'typedoc-plugin-markdown@4.9.0' 'typescript@5.9.3'
cat > index.d.ts <<'TS'
export type Doubled<A extends readonly unknown[]> = { [K in keyof A]: [A[K], A[K]] };
export declare function pour<A extends readonly unknown[]>(...cups: [...Doubled<A>, string]): void;
TS
printf '{"compilerOptions":{"strict":true},"files":["index.d.ts"]}' > tsconfig.json
npx typedoc --plugin typedoc-plugin-markdown --readme none --out docs index.d.ts >log 2>&1 || { cat log; exit 1; }
seen=$(tr -d '\\`' <docs/functions/pour.md | grep -oE '\[\.\.\.[^,]*Doubled[^,]*, string\]' | head -1 || true)
printf '%s\n' "$seen"
case $seen in
  *'>[], string]') ;;
  *) printf 'changed\n' >&2; exit 1 ;;
esac
