#!/usr/bin/env bash
# Tool: quicktype 26.0.0.
#
# Behaviour: a member of the type `Partial<X>` of an interface ends the reading of TypeScript with an error: the name of the type
# is percent-encoded where it is referred to and not where it is defined. Without `Partial` the same input is read.
#
# Seen: `Key Partial%3CLamp%3E not in schema object`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts 'quicktype@26.0.0'
printf 'export interface Lamp { watts: number }\nexport interface Room { lamp: Lamp }\n' >plain.ts
npx quicktype --src-lang typescript --lang rust plain.ts >/dev/null
printf 'export interface Lamp { watts: number }\nexport interface Room { lamp: Partial<Lamp> }\n' >partial.ts
seen=$(npx quicktype --src-lang typescript --lang rust partial.ts 2>&1 >/dev/null | grep -o 'Key Partial%3CLamp%3E not in schema object' || true)
printf '%s\n' "$seen"
[ -n "$seen" ] || {
  printf 'changed\n' >&2
  exit 1
}
