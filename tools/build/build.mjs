/**
 * Compiles one project's `src/` to `dist/` by swc: ES modules with decorator metadata and source maps; with `--cjs` also
 * to `dist/cjs/` as CommonJS, for libraries that are published. Tests are left out; types are checked elsewhere.
 *
 * Usage: node tools/build/build.mjs <project folder> [--cjs]
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';

const [project, ...flags] = process.argv.slice(2);
if (!project) throw new Error('usage: build.mjs <project folder> [--cjs]');
const source = join(project, 'src');
const target = join(project, 'dist');

const files = (await readdir(source, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)));

await rm(target, { recursive: true, force: true });
await compile(target, 'es6');
if (flags.includes('--cjs')) {
  await compile(join(target, 'cjs'), 'commonjs');
  await writeFile(join(target, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

async function compile(/** @type {string} */ folder, /** @type {'es6' | 'commonjs'} */ type) {
  await Promise.all(files.map((file) => compileFile(file, join(folder, file.replace(/\.ts$/, '.js')), type)));
}

async function compileFile(
  /** @type {string} */ file,
  /** @type {string} */ output,
  /** @type {'es6' | 'commonjs'} */ type,
) {
  const { code, map } = await transformFile(join(source, file), {
    swcrc: false,
    sourceMaps: true,
    module: { type },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  });
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
  await writeFile(`${output}.map`, map ?? '');
}
