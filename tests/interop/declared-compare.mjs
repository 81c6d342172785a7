// Holds facts of `credwire ingest --emit facts` against what the compiler sees (declared.mjs).
//
//   node declared-compare.mjs FACTS COMPILER
//
// Names of symbols and members, optionality, readonly and numbers of parameters have to agree; each
// difference is printed, and any of them makes the exit status 1.
import { readFileSync } from 'node:fs';

const [facts, compiler] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const differences = [];
let compared = 0;
const differ = (where, here, there) =>
  differences.push(`${where}: ${JSON.stringify(here)} here, ${JSON.stringify(there)} by the compiler`);

// The members of an item, as the compiler's side has them.
function members(item) {
  const all = Object.create(null);
  const add = (prefix, group) => {
    for (const one of group?.properties ?? []) {
      all[prefix + one.name] = { kind: 'property', optional: one.optional, readonly: one.readonly, params: [] };
    }
    for (const one of group?.accessors ?? []) {
      all[prefix + one.name] = { kind: 'accessor', optional: false, params: [] };
    }
    for (const one of group?.methods ?? []) {
      const known = (all[prefix + one.name] ??= { kind: 'method', optional: !!one.optional, params: [] });
      known.params.push(one.params.filter((param) => param.name !== 'this').length);
    }
  };
  add('', item);
  add('static ', item.statics);
  return all;
}

for (const [name, theirs] of Object.entries(compiler)) {
  const item = facts.items[name];
  if (!item) {
    differ(name, 'nothing', 'a symbol');
    continue;
  }
  const own = ['interface', 'class', 'error'].includes(item.kind) ? members(item) : Object.create(null);
  for (const key of new Set([...Object.keys(own), ...Object.keys(theirs.members)])) {
    const [a, b] = [own[key], theirs.members[key]];
    compared += 1;
    if (!a || !b || a.kind !== b.kind) {
      differ(`${name}.${key}`, a?.kind ?? 'nothing', b?.kind ?? 'nothing');
      continue;
    }
    if (a.optional !== b.optional) differ(`${name}.${key}`, a.optional, b.optional);
    if (b.readonly !== undefined && a.readonly !== b.readonly) differ(`${name}.${key}`, a.readonly, b.readonly);
    const counts = (params) => params.slice().sort((x, y) => x - y).join();
    if (counts(a.params) !== counts(b.params)) differ(`${name}.${key}`, a.params, b.params);
  }
}
for (const name of Object.keys(facts.items)) {
  if (!compiler[name]) differ(name, 'a symbol', 'nothing');
}
differences.forEach((line) => console.log(line));
console.log(`${Object.keys(compiler).length} symbols, ${compared} members, ${differences.length} differences`);
process.exit(differences.length > 0 ? 1 : 0);
