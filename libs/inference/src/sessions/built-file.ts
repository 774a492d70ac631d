import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A module of this folder that is started on its own, as it was built. When this one runs from source, as in tests,
 * that is the last build's.
 *
 * @param path Relative to this folder, such as `thread/session.thread.js`.
 * @throws Error when nothing was built.
 */
export function builtFile(path: string): URL {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? `../../dist/sessions/${path}` : `./${path}`, import.meta.url);
  if (isSource && !existsSync(file)) {
    throw new Error(`${fileURLToPath(file)} is missing: run "npm run build" first.`);
  }
  return file;
}
