// Writes schema/src/link/builtin/names.txt: what the global names of TypeScript's own libraries are.
//
//   npm install --prefix DIR typescript@5.9.3 @types/node@24
//   node tests/builtin/names.mjs DIR > schema/src/link/builtin/names.txt
//
// The libraries are lib.*.d.ts of the package `typescript` (Apache-2.0) and the globals of `@types/node` (MIT).
import { resolve } from 'node:path';
import { compiler, globals } from './libraries.mjs';

const root = resolve(process.argv[2]);
const { ts, versions } = compiler(root);
const { checker, scope } = globals(ts, root, ['node']);
const kinds = new Map();

function kindOf(name, symbol) {
  const has = (flag) => (symbol.flags & flag) !== 0;
  if (/Error$|^DOMException$/.test(name) && has(ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) return 'error';
  if (has(ts.SymbolFlags.TypeAlias)) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const parts = type.isUnion() ? type.types : [type];
    if (symbol.declarations[0].typeParameters) return null;
    if (parts.every((part) => part.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.String))) return 'string';
    if (parts.every((part) => part.flags & ts.TypeFlags.NumberLike)) return 'number';
    if (parts.some((part) => part.getCallSignatures?.().length)) return 'platform';
    return parts.some((part) => behaves(part)) ? 'platform' : 'data';
  }
  if (!has(ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) return null;
  if (has(ts.SymbolFlags.Variable | ts.SymbolFlags.Class)) return 'platform';
  return behaves(checker.getDeclaredTypeOfSymbol(symbol)) ? 'platform' : 'data';
}

// Whether a value is more than what JSON can hold.
function behaves(type, depth = 0) {
  if (depth > 3) return false;
  if (type.isUnion?.()) return type.types.some((part) => behaves(part, depth + 1));
  if (!(type.flags & ts.TypeFlags.Object)) return false;
  if (type.getCallSignatures().length || type.getConstructSignatures().length) return true;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return checker.getTypeArguments(type).some((part) => behaves(part, depth + 1));
  }
  return type.getProperties().some((property) => {
    const of = checker.getTypeOfSymbol(property);
    return behaves(of.getNonNullableType(), depth + 1);
  });
}

for (const symbol of scope) {
  const name = symbol.getName();
  const kind = kindOf(name, symbol);
  if (kind) kinds.set(name, kind);
}
for (const name of ['NodeJS.Timeout', 'NodeJS.Timer', 'NodeJS.Immediate', 'NodeJS.ReadableStream', 'NodeJS.WritableStream', 'NodeJS.EventEmitter', 'NodeJS.Process', 'NodeJS.ReadWriteStream', 'EventEmitter']) {
  kinds.set(name, 'platform');
}
kinds.set('NodeJS.ErrnoException', 'error');
kinds.set('NodeJS.ProcessEnv', 'data');
console.log(`# Global names of typescript ${versions.typescript} (lib.*.d.ts, Apache-2.0) and @types/node ${versions.node} (MIT); made by tests/builtin/names.mjs.`);
for (const kind of ['data', 'error', 'number', 'platform', 'string']) {
  const names = [...kinds].filter(([, of]) => of === kind).map(([name]) => name).sort();
  console.log(`${kind} ${names.join(' ')}`);
}
