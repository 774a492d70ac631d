import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { CHART } from './chart.mjs';
import { grafanaDashboards } from './dashboards.mjs';
import { chartFacts } from './facts.mjs';
import { chartReadme } from './readme.mjs';

/** Every file that `generate.mjs` writes, as it should be. */
export async function generated() {
  const files = [
    { path: join(CHART, 'README.md'), text: await chartReadme() },
    { path: join(CHART, 'files', 'services.json'), text: JSON.stringify(chartFacts()) },
    ...grafanaDashboards().map(({ file, dashboard }) => ({
      path: join(CHART, 'files', 'dashboards', file),
      text: JSON.stringify(dashboard),
    })),
  ];
  return Promise.all(
    files.map(async ({ path, text }) => ({
      path,
      text: await format(text, { ...(await resolveConfig(path)), filepath: path }),
    })),
  );
}
