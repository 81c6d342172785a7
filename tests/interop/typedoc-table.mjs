// One row of the table of typedoc.sh: how much was read of the pages, and how it differs from the
// declarations, by class. The exit status is 1 with any true difference.
//
//   node typedoc-table.mjs FACTS DRIFT PACKAGE PLUGIN FORM PAGES
import { readFileSync } from 'node:fs';

const [facts, drift] = process.argv.slice(2, 4).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const [name, plugin, form, pages] = process.argv.slice(4);
const items = Object.values(facts.items);
const lists = ['properties', 'methods', 'accessors', 'constructors', 'calls', 'signatures', 'members'];
const count = (item) => lists.reduce((sum, list) => sum + (item[list]?.length ?? 0), 0);
const members = items.reduce((sum, item) => sum + count(item), 0);
const classes = {};
for (const { class: kind } of drift.findings) classes[kind] = (classes[kind] ?? 0) + 1;
const isTrue = drift.findings.filter((finding) => finding.group === 'true');
const shown = Object.entries(classes).map(([kind, number]) => `${kind} ${number}`);
const columns = [name.padEnd(22), plugin.padEnd(7), form.padEnd(5), pages.padEnd(7)];
const numbers = [items.length, members].map((number) => String(number).padStart(7));
console.log(`${[...columns, ...numbers].join(' ')} ${String(isTrue.length).padStart(5)}  ${shown.join(', ')}`);
for (const { class: kind, item, member } of isTrue) console.log(`    ${kind}: ${item}${member ? `.${member}` : ''}`);
process.exit(isTrue.length > 0 ? 1 : 0);
