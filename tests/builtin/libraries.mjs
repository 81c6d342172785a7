// TypeScript's own libraries as its compiler sees them, for the scripts beside this one.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const LIBRARIES = ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'];

// The compiler in `root`, and the versions of it and of the types of Node.js.
export function compiler(root) {
  const require = createRequire(join(root, 'index.js'));
  const version = (name) => require(`${name}/package.json`).version;
  return { ts: require('typescript'), versions: { typescript: version('typescript'), node: version('@types/node') } };
}

// A checker of the libraries with these packages of types, and the types that are global there.
export function globals(ts, root, types) {
  const program = ts.createProgram([join(root, 'index.ts')], {
    lib: LIBRARIES.map((name) => `lib.${name}.d.ts`), types, typeRoots: [join(root, 'node_modules/@types')], noEmit: true, strict: true,
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const checker = program.getTypeChecker();
  const sources = program.getSourceFiles().filter((file) => /typescript\/lib\/|@types\/node\/|undici-types/.test(file.fileName));
  const scope = checker.getSymbolsInScope(sources[0], ts.SymbolFlags.Type).filter((symbol) => /^[A-Za-z_$][\w$]*$/.test(symbol.getName()));
  return { checker, scope };
}
