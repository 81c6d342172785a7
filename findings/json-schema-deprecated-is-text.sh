#!/usr/bin/env bash
# Tool: ts-json-schema-generator 2.4.0, TypeScript 5.9.3.
#
# Behaviour: the text behind `@deprecated` becomes the value of the keyword `deprecated`, which is a boolean (JSON Schema Validation
# 2019-09, section 9.3). Without a text the value is `true`. Readers that know the keyword refuse the whole document.
#
# Seen: `"deprecated": "use \`bright\` instead"` for `dim`, `"deprecated": true` for `old`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts 'ts-json-schema-generator@2.4.0' 'typescript@5.9.3'
cat > lamp.ts <<'TS'
export interface Lamp {
  bright: number;
  /** @deprecated use `bright` instead */
  dim?: number;
  /** @deprecated */
  old?: number;
}
TS
npx ts-json-schema-generator --path lamp.ts --type Lamp -o lamp.json
seen=$(node -p 'const { dim, old } = require("./lamp.json").definitions.Lamp.properties; JSON.stringify([dim.deprecated, old.deprecated])')
printf '%s\n' "$seen"
[ "$seen" = '["use `bright` instead",true]' ] || {
  printf 'changed\n' >&2
  exit 1
}
