// Loads a declaration file with the TypeScript compiler API and walks what it exports: every
// symbol, every member, every type as text. Prints the wall time of each round as JSON.
import ts from "typescript";

const [file, rounds] = [process.argv[2], Number(process.argv[3])];
const options = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ESNext,
  types: [],
};

function walk() {
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  let members = 0;
  const show = (symbol, type) => {
    members += 1;
    return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation).length;
  };
  for (let symbol of exported) {
    if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    const at = symbol.declarations?.[0];
    if (!at) continue;
    const isType = symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias);
    const type = isType
      ? checker.getDeclaredTypeOfSymbol(symbol)
      : checker.getTypeOfSymbolAtLocation(symbol, at);
    show(symbol, type);
    for (const declaration of symbol.declarations) {
      for (const member of declaration.members ?? []) {
        if (member.name) show(member, checker.getTypeAtLocation(member));
      }
    }
  }
  return { symbols: exported.length, members };
}

const times = [];
let seen;
for (let round = 0; round < rounds; round++) {
  const start = performance.now();
  seen = walk();
  times.push(performance.now() - start);
}
console.log(JSON.stringify({ typescript: ts.version, node: process.version, times, ...seen }));
