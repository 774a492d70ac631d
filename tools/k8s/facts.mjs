import { findApps } from '../start/apps.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the chart must know of each app: whether it owns a schema, and whether it runs models.
 *
 * @returns {Record<string, { database: boolean, models: boolean }>}
 */
export function chartFacts() {
  return Object.fromEntries(
    findApps()
      .filter(({ name }) => name !== 'console')
      .map(({ name, folder, usesDatabase }) => [
        name,
        { database: usesDatabase, models: existsSync(join(folder, 'models')) },
      ]),
  );
}
