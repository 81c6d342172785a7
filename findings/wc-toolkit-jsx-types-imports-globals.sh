#!/usr/bin/env bash
# Tool: @wc-toolkit/jsx-types 1.8.2, which makes types for JSX of a Custom Elements Manifest.
#
# Behaviour: the schema of manifests says that a type which nobody imports, such as `Element`, is
# referred to with the package "global:". With `useCemTypes` the tool takes that for a module and
# imports the type from it, which no compiler can find. Without the reference it writes the name alone.
#
# Seen: `import type { Element } from "global:";`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts '@wc-toolkit/jsx-types@1.8.2'
cat > make.mjs <<'JS'
import { generateJsxTypes } from '@wc-toolkit/jsx-types';

const reference = { name: 'Element', package: 'global:', start: 0, end: 7 };
const anchor = { kind: 'field', name: 'anchor', type: { text: 'Element', references: [reference] } };
const declarations = [{ kind: 'class', customElement: true, name: 'XMenu', tagName: 'x-menu', members: [anchor] }];
const modules = [{ kind: 'javascript-module', path: 'x-menu.js', declarations, exports: [] }];
generateJsxTypes({ schemaVersion: '2.1.0', modules }, { outdir: '.', fileName: 'made.d.ts', useCemTypes: true });
JS
node make.mjs >log
seen=$(grep 'global:' made.d.ts || true)
printf '%s\n' "$seen"
[ "$seen" = 'import type { Element } from "global:";' ] || { printf 'changed\n' >&2; exit 1; }
