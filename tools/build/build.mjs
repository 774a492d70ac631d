/**
 * Compiles one project's `src/` to `dist/` by swc: ES modules with decorator metadata and source maps.
 * Tests are left out; types are checked elsewhere (`npm run types`).
 *
 * Usage: node tools/build/build.mjs <project folder>
 */
import { readdir, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';

const project = process.argv[2];
if (!project) throw new Error('usage: build.mjs <project folder>');
const source = join(project, 'src');
const target = join(project, 'dist');

const files = (await readdir(source, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)));

await rm(target, { recursive: true, force: true });
await Promise.all(
  files.map(async (file) => {
    const output = join(target, file.replace(/\.ts$/, '.js'));
    const { code, map } = await transformFile(join(source, file), {
      swcrc: false,
      sourceMaps: true,
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    });
    await mkdir(dirname(output), { recursive: true });
    const name = output.split('/').at(-1);
    await writeFile(output, `${code}\n//# sourceMappingURL=${name}.map\n`);
    await writeFile(`${output}.map`, map ?? '');
  }),
);
