#!/usr/bin/env bash
# Tool: typedoc-plugin-markdown 4.0.3 with TypeDoc 0.25.13, TypeScript 5.4.5.
#
# Behaviour: in a table of properties (`--propertiesFormat table`) the rows of an object's own members take the modifiers of the
# properties behind it. Static properties that follow a static object are shown as `public`, as if they were members of instances.
#
# Seen: `maker` and `volts`, both static, are `public`; `codes.off` and `codes.on` have their `static`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts 'typedoc@0.25.13' 'typedoc-plugin-markdown@4.0.3' 'typescript@5.4.5'
cat > index.ts <<'TS'
export class Lamp {
  static codes = { off: 1, on: 2 };
  static maker: string;
  static volts: number;
  name: string = '';
}
TS
printf '{"compilerOptions":{"target":"es2022","strict":true,"types":[]},"files":["index.ts"]}' > tsconfig.json
npx typedoc --plugin typedoc-plugin-markdown --readme none --propertiesFormat table --entryPoints index.ts --out docs >log 2>&1 || {
  cat log
  exit 1
}
seen=$(tr -d '` ' <docs/classes/Lamp.md | awk -F'|' '/^\|(codes|maker|volts|name)/ { printf "%s%s %s", between, $2, $3; between = ", " }')
printf '%s\n' "$seen"
[ "$seen" = 'name public, codes static, codes.off static, codes.on static, maker public, volts public' ] || {
  printf 'changed\n' >&2
  exit 1
}
