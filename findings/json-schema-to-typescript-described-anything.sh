#!/usr/bin/env bash
# Tool: json-schema-to-typescript 16.0.0.
#
# Behaviour: a schema with a description and no other keyword takes any value. The tool makes the type
# of objects of it, so that texts, numbers and lists are refused. With `"anyOf": [{}]` beside the
# description, which says no more, it makes `unknown`.
#
# Seen: `{ [k: string]: unknown }` for the first, `unknown` for the second.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts 'json-schema-to-typescript@16.0.0'
cat > make.cjs <<'JS'
const { compile } = require('json-schema-to-typescript');

const any = { description: 'Whatever it is.' };
const properties = { described: any, chosen: { ...any, anyOf: [{}] } };
const schema = { type: 'object', additionalProperties: false, required: ['described', 'chosen'], properties };
compile(schema, 'Box', { bannerComment: '' }).then((made) => {
  const code = made.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ').trim();
  console.log(code);
});
JS
seen=$(node make.cjs)
printf '%s\n' "$seen"
[ "$seen" = 'export interface Box { described: { [k: string]: unknown; }; chosen: unknown; }' ] || {
  printf 'changed\n' >&2
  exit 1
}
