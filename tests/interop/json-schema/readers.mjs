// The readers of JSON Schemas that npm has: each loads every document and judges every sample.
//
//   node readers.mjs SCHEMAS SAMPLES MODULES
//
// SCHEMAS holds the documents and SAMPLES a list of `{"value", "valid"}` for each, under the same
// name; MODULES is a folder with `node_modules`. Prints a row for each reader, and exits with 1 where
// a document is refused or a sample is judged otherwise than it may be.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [schemas, samples, modules] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const load = (path) => JSON.parse(readFileSync(path, 'utf8'));
const types = readdirSync(schemas).sort().map((file) => ({
  name: file.replace(/\.json$/, ''),
  text: readFileSync(join(schemas, file), 'utf8'),
  samples: load(join(samples, file)),
}));
const work = join(modules, 'made');
mkdirSync(work, { recursive: true });

// A reader makes of a type a function that says whether a value is one.

const ajv = ({ text }) => {
  const Ajv = require('ajv/dist/2020').default;
  const addFormats = require('ajv-formats').default;
  const reader = new Ajv({ strict: true, strictTypes: true, strictTuples: true, strictRequired: true });
  addFormats(reader);
  const validate = reader.compile(JSON.parse(text));
  return (value) => validate(value);
};

const zod = ({ text }) => {
  const schema = require('zod').fromJSONSchema(JSON.parse(text));
  return (value) => schema.safeParse(value).success;
};

const render = async ({ name, text }, lang) => {
  const { InputData, JSONSchemaInput, FetchingJSONSchemaStore, quicktype } = require('quicktype-core');
  const source = new JSONSchemaInput(new FetchingJSONSchemaStore());
  await source.addSource({ name, schema: text });
  const inputData = new InputData();
  inputData.addInput(source);
  const { lines } = await quicktype({ inputData, lang });
  return lines.join('\n');
};

const quicktype = async (type) => {
  const { transpileModule, ModuleKind, ScriptTarget } = require('typescript');
  const code = await render(type, 'typescript');
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const path = join(work, `${type.name}.mjs`);
  writeFileSync(path, transpileModule(code, { compilerOptions }).outputText);
  const { Convert } = await import(pathToFileURL(path));
  // Capitals of the name are quicktype's own.
  const read = Convert[Object.getOwnPropertyNames(Convert).find((name) => /^to[A-Z]/.test(name))];
  return (value) => passes(() => read(JSON.stringify(value)));
};

const only = (lang) => async (type) => {
  await render(type, lang);
  return null;
};

// All of them for one run of the compiler.
const declarations = async (all) => {
  const { compile } = require('json-schema-to-typescript');
  const ts = require('typescript');
  const place = (type) => join(work, `${type.name}.ts`);
  const verdicts = new Map();
  for (const type of all) {
    try {
      const schema = JSON.parse(type.text);
      // Without titles the type has the name that it is given.
      const made = await compile({ ...schema, title: undefined }, type.name, { bannerComment: '' });
      const cases = type.samples.map(({ value }) => `export const case_: ${type.name} = ${literal(value)};`);
      const lines = made.replaceAll('\u2028', ' ').split('\n');
      type.first = lines.length;
      const numbered = cases.map((line, index) => line.replace('case_', `case${index}`));
      writeFileSync(place(type), [...lines, ...numbered].join('\n'));
      verdicts.set(type.name, new Set());
    } catch (error) {
      verdicts.set(type.name, error);
    }
  }
  const loaded = all.filter((type) => verdicts.get(type.name) instanceof Set);
  const program = ts.createProgram(loaded.map(place), { strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2022 });
  for (const fault of ts.getPreEmitDiagnostics(program)) {
    const type = loaded.find((type) => place(type) === fault.file?.fileName);
    const message = ts.flattenDiagnosticMessageText(fault.messageText, ' ');
    const line = type && fault.file.getLineAndCharacterOfPosition(fault.start).line - type.first;
    if (!type || line < 0) throw new Error(`${type?.name}: ${message}`);
    // A rule for literals in code; on the wire unknown members are ignored.
    if (!message.includes('may only specify known')) verdicts.get(type.name).add(line);
  }
  return ({ name, samples }) => {
    const refused = verdicts.get(name);
    if (!(refused instanceof Set)) throw refused;
    const values = samples.map(({ value }) => value);
    return (value) => !refused.has(values.indexOf(value));
  };
};

const literal = (value) => JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const passes = (read) => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

// What has types alone cannot refuse a number out of range or a text of another form. quicktype makes
// one class of a union of objects, so that a warning of an unknown kind, which may have any other
// members, can only have those of the known kinds with the types that they have there.
const readers = [
  ['ajv, strict', ajv, { exact: true }],
  ['zod fromJSONSchema', zod, { exact: true }],
  ['json-schema-to-typescript, tsc', await declarations(types), {}],
  ['quicktype, TypeScript', quicktype, { merged: ['SdkWarning'] }],
  ...['python', 'go', 'csharp', 'rust'].map((lang) => [`quicktype, ${lang}`, only(lang), {}]),
];
let failed = false;
const complain = (message) => {
  failed = true;
  console.error(message);
};
for (const [reader, of, { exact, merged = [] }] of readers) {
  const counts = { loaded: 0, taken: 0, valid: 0, refused: 0, invalid: 0 };
  for (const type of types) {
    let judge;
    try {
      judge = await of(type);
      counts.loaded += 1;
    } catch (error) {
      complain(`${reader} refuses ${type.name}: ${error.message}`);
    }
    if (!judge) continue;
    for (const { value, valid } of type.samples) {
      const taken = judge(value);
      counts[valid ? 'valid' : 'invalid'] += 1;
      if (taken === valid) counts[valid ? 'taken' : 'refused'] += 1;
      else if (exact || (valid && !merged.includes(type.name))) complain(`${reader} ${taken ? 'takes' : 'refuses'} as ${type.name}: ${JSON.stringify(value)}`);
    }
  }
  const judged = counts.valid
    ? `${counts.taken} of ${counts.valid} valid samples taken, ${counts.refused} of ${counts.invalid} others refused`
    : 'made, not run';
  console.log(`${reader.padEnd(32)} ${counts.loaded} of ${types.length} loaded; ${judged}`);
}
process.exit(failed ? 1 : 0);
