// The readers of Custom Elements Manifests that npm has: Storybook's rows of arguments, the data of
// VS Code, and the types that two packages make for JSX.
//
//   node readers.mjs MANIFEST MODULES
//
// MODULES is a folder with `node_modules`. Prints a row for each reader, and exits with 1 where one
// does not show what the manifest says.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [path, modules] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const reader = (name) => import(pathToFileURL(join(modules, 'node_modules', name)));
// Readers write into what they are given.
const manifest = () => JSON.parse(readFileSync(path, 'utf8'));
const elements = manifest().modules.flatMap((module) => module.declarations);
const made = join(modules, 'made');
mkdirSync(made, { recursive: true });

let failed = false;
const report = (name, what, faults, of) => {
  for (const fault of faults) console.error(`${name}: ${fault}`);
  failed ||= faults.length > 0 || of === 0;
  console.log(`${name.padEnd(36)} ${of - faults.length} of ${of} ${what}`);
};
const quietly = async (work) => {
  const { log } = console;
  console.log = () => {};
  try {
    return await work();
  } finally {
    console.log = log;
  }
};

const storybook = async () => {
  globalThis.window = globalThis;
  const { parameters } = await reader('@storybook/web-components/dist/entry-preview-argtypes.js');
  globalThis.__STORYBOOK_CUSTOM_ELEMENTS_MANIFEST__ = manifest();
  const faults = [];
  let rows = 0;
  for (const { tagName, attributes, members, events, slots, cssParts } of elements) {
    const types = parameters.docs.extractArgTypes(tagName);
    // There is one row for each name, that of the last kind.
    const rest = [...events, ...slots, ...cssParts].map(({ name }) => name);
    const own = new Map([...members.filter(({ kind }) => kind === 'field'), ...attributes].map((one) => [one.name, one]));
    for (const { name, type } of own.values()) {
      if (rest.includes(name)) continue;
      const row = types[name];
      rows += 1;
      if (!type || row?.type.name !== type.text || typeof row.description !== 'string') {
        faults.push(`<${tagName}> ${name}: ${JSON.stringify(row)}`);
      }
    }
  }
  report('Storybook, argTypes', 'rows of attributes and fields with their type', faults, rows);
};

const code = async () => {
  const { getVsCodeHtmlCustomData } = await quietly(() => reader('custom-element-vs-code-integration/index.js'));
  const data = await quietly(() => getVsCodeHtmlCustomData(manifest(), {}));
  const { tags } = JSON.parse(data);
  const faults = [];
  for (const { tagName, attributes, cssProperties } of elements) {
    const tag = tags.find(({ name }) => name === tagName);
    const shown = tag?.attributes.map(({ name }) => name).join();
    if (shown !== attributes.map(({ name }) => name).join()) faults.push(`<${tagName}> has ${shown}`);
    for (const { name, values } of tag?.attributes ?? []) {
      const flag = attributes.find((attribute) => attribute.name === name)?.type?.text === 'boolean';
      if (flag && values.length > 0) faults.push(`<${tagName} ${name}> takes ${JSON.stringify(values)}`);
    }
    // The reader prints "undefined" for a default that nobody states.
    const unstated = cssProperties.filter((property) => property.default === undefined).length;
    const printed = JSON.stringify(tag).split('undefined').length - 1;
    if (printed !== unstated) faults.push(`<${tagName}> is described with "undefined" ${printed} times`);
  }
  report('VS Code, HTML data', 'elements as the manifest has them', faults, elements.length);
};

// The types of attributes in the `ClassProps` of a file.
const jsx = async (name, file, make, options) => {
  await quietly(async () => make(await reader(name))(manifest(), { outdir: made, fileName: file, ...options }));
  const ts = require('typescript');
  const source = ts.createSourceFile(file, readFileSync(join(made, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const props = new Map();
  for (const statement of source.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || !ts.isTypeLiteralNode(statement.type)) continue;
    const types = statement.type.members.map((member) => [member.name?.text, member.type?.getText()]);
    props.set(statement.name.text, new Map(types));
  }
  const faults = [];
  let count = 0;
  for (const { name: element, tagName, attributes } of elements) {
    for (const { name: attribute, type } of attributes) {
      const shown = props.get(`${element}Props`)?.get(attribute)?.replace(/( \| (undefined|null))+$/, '');
      count += 1;
      if (!shown || plain(shown) !== plain(type?.text)) faults.push(`<${tagName} ${attribute}> is ${shown}, not ${type?.text}`);
    }
  }
  report(name.replace(/\/dist.*|\/index.*/, ''), 'attributes with their type', faults, count);
};
const plain = (type) => type?.replaceAll(/['"()]/g, '');

await storybook();
await code();
await jsx('custom-element-jsx-integration/index.js', 'integration.d.ts', (reader) => reader.generateJsxTypes, {});
await jsx('@wc-toolkit/jsx-types/dist/index.js', 'toolkit.d.ts', (reader) => reader.generateJsxTypes, { useCemTypes: true });
process.exit(failed ? 1 : 0);
