// What the TypeScript compiler sees of a package's exports, as JSON: for each symbol the members
// with their marks and the numbers of their parameters.
//
//   node declared.mjs TYPESCRIPT ENTRY
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, entry] = process.argv.slice(2);
const ts = createRequire(path.resolve(folder, 'x.js'))('typescript');
const program = ts.createProgram([path.resolve(entry)], {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  types: [],
});
const checker = program.getTypeChecker();
const aliased = (symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
const found = {};
const seen = new Set();

function modifiers(node) {
  return node ? ts.getCombinedModifierFlags(node) : 0;
}

// Members that stand in the declarations themselves: what is inherited is another symbol's.
function members(symbol, declarations) {
  const all = Object.create(null);
  for (const declaration of declarations) {
    for (const member of declaration.members ?? []) {
      const flags = modifiers(member);
      if (flags & ts.ModifierFlags.Private || !member.name || ts.isPrivateIdentifier(member.name)) continue;
      const computed = ts.isComputedPropertyName(member.name);
      const literal = computed && ts.isStringLiteralLike(member.name.expression);
      // A member under the value of an enumeration's has that value as its name.
      const type = computed && !literal ? checker.getTypeAtLocation(member.name.expression) : undefined;
      const value = type?.isStringLiteral() || type?.isNumberLiteral() ? String(type.value) : undefined;
      const name = literal ? member.name.expression.text : (value ?? (computed ? member.name.getText() : member.name.text));
      const key = (flags & ts.ModifierFlags.Static ? 'static ' : '') + name;
      const known = (all[key] ??= { kind: '', optional: !!member.questionToken, params: [] });
      if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) {
        known.kind = 'method';
        known.params.push(member.parameters.filter((one) => one.name.getText() !== 'this').length);
      } else if (ts.isAccessor(member)) {
        known.kind = 'accessor';
      } else {
        known.kind = 'property';
        known.readonly = !!(flags & ts.ModifierFlags.Readonly);
      }
    }
  }
  return all;
}

function visit(symbol, name) {
  const meant = aliased(symbol);
  if (seen.has(`${name}`)) return;
  seen.add(`${name}`);
  const declarations = meant.declarations ?? [];
  // Members of an enumeration that is a namespace as well are no symbols of their own.
  if (declarations.some(ts.isEnumMember)) return;
  const own = declarations.filter((one) => !ts.isModuleDeclaration(one) && !ts.isSourceFile(one));
  if (own.length > 0) {
    const bodies = own.filter((one) => ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one));
    found[name] = { members: members(meant, bodies) };
  }
  if (meant.flags & ts.SymbolFlags.Module) {
    for (const inner of checker.getExportsOfModule(meant)) {
      // A module that exports itself does not end.
      if (name.split('.').length < 6) visit(inner, `${name}.${inner.name}`);
    }
  }
}

const file = program.getSourceFile(path.resolve(entry));
const module = file && checker.getSymbolAtLocation(file);
for (const symbol of module ? checker.getExportsOfModule(module) : []) {
  visit(symbol, symbol.name === 'default' ? aliased(symbol).name : symbol.name);
}
process.stdout.write(JSON.stringify(found, null, 1));
