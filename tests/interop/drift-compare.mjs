// Holds the differences that `credwire check OLD --against NEW --lossy --json` tells against what the
// TypeScript compiler sees of both packages.
//
//   node drift-compare.mjs TYPESCRIPT NAME OLD NEW DRIFT
//
// OLD and NEW are the folders whose node_modules hold the package; NAME may end in one of its entry points.
//
// Symbols and members whose declarations differ have to be told ("missed" else), and what is told has to
// differ ("invented" else); comments count for the second, since units and defaults stand there. A symbol
// that is there on one side alone is one difference. Exits with 1 when there is anything to print.
import { createRequire } from 'node:module';
import path from 'node:path';
import { readFileSync } from 'node:fs';

const [folder, name, oldFolder, newFolder, drift] = process.argv.slice(2);
const ts = createRequire(path.resolve(folder, 'x.js'))('typescript');
const options = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  types: [],
};

// The entry point, as the compiler resolves it.
function entry(folder) {
  return ts.resolveModuleName(name, path.resolve(folder, 'x.ts'), options, ts.sys).resolvedModule?.resolvedFileName;
}

const blank = (text) => text.replace(/\s+/g, '');

// For each exported symbol its members and its own head, each with the text of its declarations, without
// comments and with them.
function view(folder) {
  const file = entry(folder);
  if (!file || !/\.d\.[cm]?ts$/.test(file)) throw new Error(`${folder} has no declarations`);
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const printer = ts.createPrinter({ removeComments: true });
  const found = new Map();
  const print = (node) => blank(printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()));
  // The type as the compiler has it: other names of plain types, other ways to import and other names in
  // parameters that are taken apart are no changes.
  const shown = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
  const typed = (node) =>
    checker
      .typeToString(checker.getTypeAtLocation(node), node, shown)
      .replace(/import\("[^"]*"\)\./g, '')
      .replace(/([(,] *)\{[^{}:]*\}(?=: )/g, '$1_');
  // An optional member of an interface may be absent; one of a class may be undefined.
  const member = (node) => {
    const flags = ts.getCombinedModifierFlags(node);
    const marks = [flags & ts.ModifierFlags.Static && 'static', flags & ts.ModifierFlags.Readonly && 'readonly'];
    const optional = ts.isInterfaceDeclaration(node.parent) && node.questionToken && '?';
    if (ts.isGetAccessor(node)) {
      const isSet = (one) => ts.isSetAccessor(one) && one.name.getText() === node.name.getText();
      return blank(`${[...marks, !node.parent.members.some(isSet) && 'readonly'].filter(Boolean).join(' ')}${typed(node)}`);
    }
    return blank(`${[...marks, optional].filter(Boolean).join(' ')}${typed(node)}`);
  };
  // An alias of an object by its members, so that one by another alias of the same is no change.
  const alias = (node) => expand(checker.getTypeAtLocation(node), node) ?? print(node);
  const expand = (type, node) => {
    const members = type.flags & ts.TypeFlags.Object && !checker.getIndexInfosOfType(type).length ? type.getProperties() : [];
    const one = (of) => `${of.name}${of.flags & ts.SymbolFlags.Optional ? '?' : ''}:${checker.typeToString(checker.getTypeOfSymbolAtLocation(of, node), node, shown)}`;
    return members.length > 0 ? blank(members.map(one).sort().join()) : undefined;
  };
  // How a class is made: the types of its parameters.
  const construction = (signature, node) => {
    const types = signature.parameters.map((param) => checker.getTypeOfSymbolAtLocation(param, node));
    return types.map((type) => (type.aliasSymbol && expand(type, node)) || checker.typeToString(type, node, shown)).join(';');
  };
  const put = (key, node, text = print(node)) => {
    const known = found.get(key) ?? { bare: [], meant: [], full: [] };
    known.bare.push(print(node));
    known.meant.push(text);
    known.full.push(blank(node.getFullText()));
    found.set(key, known);
  };
  // Users of a class reach neither.
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isHidden = (node) =>
    !!(ts.getCombinedModifierFlags(node) & hidden) || (node.name && ts.isPrivateIdentifier(node.name));
  // All bases: one that another base has as well adds nothing.
  function basesOf(type, found = new Set()) {
    for (const base of type.isClassOrInterface() ? checker.getBaseTypes(type) : []) {
      const name = checker.typeToString(base);
      if (found.has(name)) continue;
      found.add(name);
      basesOf(base.target ?? base, found);
    }
    return found;
  }
  const original = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const named = (symbol) => symbol.declarations?.[0]?.name?.text ?? symbol.name;
  function visit(symbol, key, depth) {
    const meant = original(symbol);
    for (const node of meant.declarations ?? []) {
      if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
        const types = (node.typeParameters ?? []).map(print).join();
        const all = [...basesOf(checker.getTypeAtLocation(node))].sort();
        // What bases at hand bring is compared member by member, and so is how they are made.
        const bases = all.filter((base) => !exported.has(base.replace(/<.*/, ''))).join();
        if (ts.isClassDeclaration(node)) {
          const made = checker.getSignaturesOfType(checker.getTypeOfSymbol(meant), ts.SignatureKind.Construct);
          made.forEach((one) => put(`${key}.constructor`, one.declaration ?? node, construction(one, node)));
        }
        const isAbstract = ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract ? 'abstract' : '';
        put(key, node, `${isAbstract}${ts.SyntaxKind[node.kind]}<${types}>${bases}`);
        const isError = all.includes('Error');
        for (const one of node.members) {
          if (isHidden(one) || ts.isConstructorDeclaration(one)) continue;
          const own = one.name?.text ?? one.name?.getText() ?? ts.SyntaxKind[one.kind];
          // What every error has is compared of no error.
          if (isError && ['name', 'message', 'stack', 'cause'].includes(own)) continue;
          // A getter and a setter together are a property.
          const twin = (other) => ts.isGetAccessor(other) && other.name.getText() === one.name.getText();
          if (ts.isSetAccessor(one) && node.members.some(twin)) continue;
          const text = one.name ? member(one) : print(one);
          put(`${key}.${own}`, one, text);
        }
      } else if (!ts.isModuleDeclaration(node) && !ts.isSourceFile(node)) {
        put(key, node, ts.isTypeAliasDeclaration(node) ? alias(node) : print(node));
      }
    }
    if (meant.flags & ts.SymbolFlags.Module && depth < 6) {
      for (const inner of checker.getExportsOfModule(meant)) visit(inner, `${key}.${inner.name}`, depth + 1);
    }
  }
  let exported = new Set();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  exported = new Set((module ? checker.getExportsOfModule(module) : []).map((symbol) => symbol.name));
  for (const symbol of module ? checker.getExportsOfModule(module) : []) {
    visit(symbol, symbol.name === 'default' ? named(original(symbol)) : symbol.name, 0);
  }
  return found;
}

const [before, after] = [oldFolder, newFolder].map(view);
const { findings, errors } = JSON.parse(readFileSync(drift, 'utf8'));
if (errors.length > 0) {
  errors.forEach((error) => console.log(`${error.place}: ${error.message}`));
  process.exit(1);
}
// The names that findings give their members: `static x`, `new`, `x.parameter` and so on.
const plain = (member) => member.replace(/^(static )?((get|set|accessor|constructor) )?/, '').replace(/[.(\[].*$/, '');
const told = new Set(findings.flatMap(({ item, member }) => member ? [`${item}.${plain(member)}`] : [item]));
const same = (a, b) => a.slice().sort().join('|') === b.slice().sort().join('|');

const missed = [];
const owner = (key) => key.split('.').slice(0, -1).join('.');
let changed = 0;
for (const key of new Set([...before.keys(), ...after.keys()])) {
  const [a, b] = [before.get(key), after.get(key)];
  // What is written otherwise may mean the same.
  if (a && b && (same(a.bare, b.bare) || same(a.meant, b.meant))) continue;
  changed += 1;
  // Of a symbol that comes or goes, the members do as well.
  const parent = owner(key);
  const isGone = parent && before.has(parent) !== after.has(parent);
  if (!told.has(key) && !(isGone && told.has(parent))) {
    // Index and call signatures have no names.
    if (/\.(Index|Call|Construct)Signature$/.test(key) && told.has(parent)) continue;
    missed.push(`missed ${key}: ${a?.meant ?? 'nothing'} -> ${b?.meant ?? 'nothing'}`.slice(0, 240));
  }
}
const invented = [];
for (const { class: kind, item, member, left, right } of findings) {
  const inherits = kind.endsWith('-inherited');
  const keys = [...before.keys(), ...after.keys()].filter((key) => inherits ? key.endsWith(`.${member}`) : key === item || key.startsWith(`${item}.`));
  if (keys.length === 0) continue; // Of another entry point.
  const narrow = member && !inherits ? keys.filter((key) => key === `${item}.${plain(member)}`) : [];
  const about = narrow.length > 0 ? narrow : keys;
  const differs = about.some((key) => {
    const [a, b] = [before.get(key), after.get(key)];
    return !a || !b || !same(a.full, b.full);
  });
  if (!differs) invented.push(`invented ${kind} ${item}.${member ?? ''}: ${left} -> ${right}`.slice(0, 240));
}
console.log(`${changed} changes, ${findings.length} told, ${missed.length} missed, ${invented.length} invented`);
[...missed, ...invented].forEach((line) => console.log(`  ${line}`));
process.exit(missed.length + invented.length > 0 ? 1 : 0);
