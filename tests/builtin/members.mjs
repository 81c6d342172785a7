// Writes schema/src/link/builtin/members.txt: the members of the plain objects among the global names of TypeScript's own libraries.
//
//   npm install --prefix DIR typescript@5.9.3 @types/node@24
//   node tests/builtin/members.mjs DIR > schema/src/link/builtin/members.txt
//
// The libraries are lib.*.d.ts of the package `typescript` (Apache-2.0) and the globals of `@types/node` (MIT). A line is an interface
// with its members, those of its bases among them, or a name of a union: `Name a: string; b?: Other[]`, `Name = number | Other`;
// `!` stands behind the name of what must never be shown. What is data and not said is `unknown`.
import { resolve } from 'node:path';
import { compiler, globals } from './libraries.mjs';

const root = resolve(process.argv[2]);
const { ts, versions } = compiler(root);
const isName = (name) => /^[A-Za-z_$][\w$]*$/.test(name);
let checker;
let global;

// The lines of the libraries with these packages of types.
function lines(types) {
  let scope;
  ({ checker, scope } = globals(ts, root, types));
  global = new Set(scope);
  return new Map(scope.map((symbol) => [symbol.getName(), line(symbol)]));
}

// What JOSE calls private in a key (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
const SEALED = { JsonWebKey: ['d', 'dp', 'dq', 'k', 'p', 'q', 'qi'], RsaOtherPrimesInfo: ['d', 'r', 't'] };

class Unsaid extends Error {}

const KEYWORDS = new Map([
  [ts.SyntaxKind.StringKeyword, 'string'], [ts.SyntaxKind.NumberKeyword, 'number'], [ts.SyntaxKind.BooleanKeyword, 'boolean'],
  [ts.SyntaxKind.BigIntKeyword, 'bigint'], [ts.SyntaxKind.AnyKeyword, 'unknown'], [ts.SyntaxKind.UnknownKeyword, 'unknown'],
  [ts.SyntaxKind.UndefinedKeyword, 'undefined'], [ts.SyntaxKind.ObjectKeyword, 'object'],
]);

// The type as text; refuses what is neither data nor a name without arguments.
function text(node) {
  if (KEYWORDS.has(node.kind)) return KEYWORDS.get(node.kind);
  if (ts.isParenthesizedTypeNode(node)) return text(node.type);
  if (ts.isLiteralTypeNode(node)) {
    const { literal } = node;
    if (ts.isStringLiteral(literal)) return JSON.stringify(literal.text);
    if (literal.kind === ts.SyntaxKind.NullKeyword || literal.kind === ts.SyntaxKind.TrueKeyword || literal.kind === ts.SyntaxKind.FalseKeyword || ts.isNumericLiteral(literal)) return literal.getText();
  }
  if (ts.isUnionTypeNode(node)) return [...new Set(node.types.map(text))].join(' | ');
  if (ts.isArrayTypeNode(node)) return array(node.elementType);
  if (ts.isTupleTypeNode(node)) return `[${node.elements.map((element) => text(ts.isNamedTupleMember(element) ? element.type : element)).join(', ')}]`;
  if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) {
    const name = node.typeName.text;
    const symbol = checker.getSymbolAtLocation(node.typeName);
    if (/^(ReadonlyArray|Array|Iterable)$/.test(name)) return array(node.typeArguments[0]);
    if (name === 'Record') return `Record<string, ${text(node.typeArguments[1])}>`;
    if (/^(BufferSource|ArrayBufferView|AllowSharedBufferSource|Uint8Array|ArrayBuffer)$/.test(name)) return 'Uint8Array';
    const declared = symbol?.declarations ?? [];
    const isGeneric = declared.some((one) => one.typeParameters?.length);
    if (global.has(symbol) && !isGeneric && !node.typeArguments) return name;
  }
  throw new Unsaid();
}

function array(node) {
  const item = text(node);
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
}

function orUnknown(node) {
  try {
    return text(node);
  } catch (error) {
    if (error instanceof Unsaid) return 'unknown';
    throw error;
  }
}

// The members of an interface, unless it behaves.
function members(symbol) {
  const { SymbolFlags } = ts;
  if (symbol.flags & (SymbolFlags.Variable | SymbolFlags.Class) || !(symbol.flags & SymbolFlags.Interface)) return null;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (type.typeParameters?.length || type.getCallSignatures().length || type.getConstructSignatures().length) return null;
  if (checker.getIndexInfosOfType(type).length || /EventMap$/.test(symbol.getName())) return null;
  const said = type.getProperties().map((property) => {
    if (!isName(property.getName())) throw new Unsaid();
    const of = checker.getTypeOfSymbol(property);
    if (of.getNonNullableType().getCallSignatures().length) throw new Unsaid();
    const sealed = SEALED[symbol.getName()]?.includes(property.getName()) ? '!' : '';
    const optional = property.flags & SymbolFlags.Optional ? '?' : '';
    return `${property.getName()}${sealed}${optional}: ${orUnknown(property.valueDeclaration.type)}`;
  });
  return said.length ? `${symbol.getName()} ${said.sort().join('; ')}` : null;
}

// What a name of a union stands for.
function union(symbol) {
  const [declared] = symbol.declarations;
  if (!ts.isTypeAliasDeclaration(declared) || declared.typeParameters || !ts.isUnionTypeNode(declared.type)) return null;
  return `${symbol.getName()} = ${text(declared.type)}`;
}

function line(symbol) {
  try {
    return members(symbol) ?? union(symbol);
  } catch (error) {
    if (error instanceof Unsaid) return null;
    throw error;
  }
}

console.log(`# Members of plain objects of typescript ${versions.typescript} (lib.*.d.ts, Apache-2.0) and @types/node ${versions.node} (MIT); made by tests/builtin/members.mjs.`);
// A browser's own come first: the packages of Node.js add to them.
const all = new Map([...lines(['node']), ...lines([])]);
console.log([...all.values()].filter((line) => line !== null).sort().join('\n'));
