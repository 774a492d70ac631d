/**
 * Writes the .d.ts files of a published library beside what `build.mjs` wrote, and beside its CommonJS twin when there is
 * one. The libraries that it imports must have theirs: Nx sees to the order.
 *
 * Usage: node tools/build/declarations.mjs <project folder>
 */
import { cp, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const [project] = process.argv.slice(2);
if (!project) throw new Error('usage: declarations.mjs <project folder>');
const source = resolve(project, 'src');
const target = resolve(project, 'dist');

const base = ts.readConfigFile('tsconfig.base.json', ts.sys.readFile);
const include = [`${source}/**/*.ts`];
const exclude = [`${source}/**/*.spec.ts`];
const { options, fileNames } = ts.parseJsonConfigFileContent(
  { ...base.config, include, exclude },
  ts.sys,
  '.',
);
const program = ts.createProgram(fileNames, {
  ...options,
  // Without the source condition, other libraries are known by their declarations, and stay out of this folder.
  customConditions: [],
  rootDir: source,
  outDir: target,
  declaration: true,
  emitDeclarationOnly: true,
});
const { diagnostics } = program.emit();
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (problems.length > 0) {
  const host = { getCanonicalFileName: String, getCurrentDirectory: process.cwd, getNewLine: () => '\n' };
  throw new Error(ts.formatDiagnostics(problems, host));
}

const commonJs = join(target, 'cjs');
if (await stat(commonJs).catch(() => undefined)) {
  const names = await readdir(target, { recursive: true });
  const declarations = names.filter((name) => name.endsWith('.d.ts') && !name.startsWith('cjs'));
  await Promise.all(declarations.map((name) => cp(join(target, name), join(commonJs, name))));
}
