/**
 * Writes the .d.ts files of a published library to `types/`, and for its CommonJS twin to `types/cjs/` when it has one.
 * The libraries that it imports must have theirs: Nx sees to the order. Types that come from a library that is none
 * of its `dependencies` are folded in, for whoever installs this one does not get that one.
 *
 * Usage: node tools/build/declarations.mjs <project folder>
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const [project] = process.argv.slice(2);
if (!project) throw new Error('usage: declarations.mjs <project folder>');
const source = resolve(project, 'src');
const target = resolve(project, 'types');
/** @type {{ name: string, exports: Record<string, object>, dependencies?: Record<string, string> }} */
const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));

const options = readOptions();
const libraries = await findLibraries();
const folded = libraries.filter(
  ({ name }) => name !== manifest.name && !(name in (manifest.dependencies ?? {})),
);

await rm(target, { recursive: true, force: true });
const program = emit();
await Promise.all(folded.map(foldIn));
if (folded.length > 0) await pointToFolded();
if (Object.values(manifest.exports).some((conditions) => 'require' in Object(conditions)))
  await addCommonJs();

function readOptions() {
  const base = ts.readConfigFile('tsconfig.base.json', ts.sys.readFile);
  const { options: common } = ts.parseJsonConfigFileContent({ ...base.config, files: [] }, ts.sys, '.');
  return {
    ...common,
    // Without the source condition, other libraries are known by their declarations, and stay out of this folder.
    customConditions: [],
    rootDir: source,
    outDir: target,
    declaration: true,
    emitDeclarationOnly: true,
  };
}

/** @throws Error with what TypeScript has to say against it */
function emit() {
  const files = ts.sys.readDirectory(source, ['.ts'], ['**/*.spec.ts']);
  const emitting = ts.createProgram(files, options);
  const { diagnostics } = emitting.emit();
  const problems = [...ts.getPreEmitDiagnostics(emitting), ...diagnostics];
  if (problems.length === 0) return emitting;
  const host = { getCanonicalFileName: String, getCurrentDirectory: process.cwd, getNewLine: () => '\n' };
  throw new Error(ts.formatDiagnostics(problems, host));
}

/** @returns {Promise<{ name: string, folder: string }[]>} every library of the workspace */
async function findLibraries() {
  const folders = (await readdir('libs')).map((name) => resolve('libs', name));
  return Promise.all(
    folders.map(async (folder) => {
      const { name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      return { name, folder };
    }),
  );
}

/** Copies the declarations that the program has used of a library. */
async function foldIn(/** @type {{ name: string, folder: string }} */ library) {
  const used = program.getSourceFiles().filter(({ fileName }) => isWithin(library.folder, fileName));
  for (const { fileName } of used) await copy(fileName, foldedPath(library, fileName));
}

/** Lets every import of a library that was folded in find the copy. */
async function pointToFolded() {
  for (const name of await declarations()) {
    const file = join(target, name);
    const text = await readFile(file, 'utf8');
    const pointed = text.replace(/(?<=from ')[^.'][^']*(?=')/g, (specifier) => locate(specifier, file));
    if (pointed !== text) await writeFile(file, pointed);
  }
}

/** @returns the specifier for `importer`: a path where the module was folded in, else the same */
function locate(/** @type {string} */ specifier, /** @type {string} */ importer) {
  const { resolvedModule } = ts.resolveModuleName(specifier, importer, options, ts.sys);
  const library = folded.find(({ folder }) => isWithin(folder, resolvedModule?.resolvedFileName ?? ''));
  if (!resolvedModule || !library) return specifier;
  const path = relative(dirname(importer), foldedPath(library, resolvedModule.resolvedFileName));
  return `./${path.replaceAll(sep, '/').replace(/\.d\.ts$/, '.js')}`;
}

function foldedPath(/** @type {{ folder: string }} */ { folder }, /** @type {string} */ file) {
  return join(target, relative(dirname(folder), file).replace(`${sep}types${sep}`, sep));
}

/** The same declarations again, in a folder where `require` finds its own. */
async function addCommonJs() {
  const commonJs = join(target, 'cjs');
  for (const name of await declarations()) await copy(join(target, name), join(commonJs, name));
  await writeFile(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');
}

async function declarations() {
  const names = await readdir(target, { recursive: true });
  return names.filter((name) => name.endsWith('.d.ts'));
}

async function copy(/** @type {string} */ from, /** @type {string} */ to) {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

function isWithin(/** @type {string} */ folder, /** @type {string} */ file) {
  return resolve(file).startsWith(folder + sep);
}
