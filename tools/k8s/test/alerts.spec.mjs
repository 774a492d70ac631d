import { readFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { REPOSITORY } from '../../start/repository.mjs';
import { CHART } from '../chart.mjs';
import { grafanaDashboards } from '../dashboards.mjs';

/** Of Node's client library, of Kubernetes and its kubelet, and of NVIDIA's exporter. */
const OTHERS = [
  'nodejs_eventloop_lag_p99_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'kube_job_failed',
  'kubelet_volume_stats_available_bytes',
  'kubelet_volume_stats_capacity_bytes',
  'DCGM_FI_DEV_XID_ERRORS',
  'DCGM_FI_DEV_GPU_UTIL',
  'DCGM_FI_DEV_FB_USED',
];

const { groups } = parse(await readFile(join(CHART, 'files', 'rules.yaml'), 'utf8'));
const rules = groups.flatMap((/** @type {any} */ group) => group.rules);
const panels = grafanaDashboards().flatMap(({ dashboard }) =>
  dashboard.panels.flatMap(({ targets }) => targets),
);
const expressions = [...rules, ...panels].map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'));
const known = new Set([
  ...OTHERS,
  ...rules.map((/** @type {any} */ { record }) => record).filter(Boolean),
  ...ownMetrics(),
]);

describe.each(expressions)('%s', (expression) => {
  it('is PromQL', () => {
    /** @type {number[]} */
    const errors = [];
    parser.parse(expression).iterate({ enter: ({ type, from }) => void (type.isError && errors.push(from)) });
    expect(errors).toEqual([]);
  });

  it('asks for metrics that there are', () => {
    /** @type {string[]} */
    const names = [];
    parser.parse(expression).iterate({
      enter: ({ name, node }) => {
        if (name === 'VectorSelector' && node.firstChild) {
          names.push(expression.slice(node.firstChild.from, node.firstChild.to));
        }
      },
    });
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect([...known]).toContain(name);
  });
});

it('has a page in the runbook for every alert, and none for others', async () => {
  const page = await readFile(join(REPOSITORY, 'docs', 'operations.md'), 'utf8');
  const alerts = rules.map((/** @type {any} */ { alert }) => alert).filter(Boolean);
  expect([...page.matchAll(/^### (Ganglion\w+)$/gm)].map(([, name]) => name)).toEqual(alerts);
  for (const rule of rules.filter((/** @type {any} */ { alert }) => alert)) {
    expect(rule.annotations.runbook_url).toBe(`docs/operations.md#${rule.alert.toLowerCase()}`);
    expect(rule.labels.severity).toMatch(/^(critical|warning)$/);
  }
});

/** Every metric that our sources define; a histogram's three. */
function ownMetrics() {
  return ['apps', 'libs'].flatMap((root) =>
    readdirSync(join(REPOSITORY, root), { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) =>
          name.endsWith('.ts') && !name.endsWith('.spec.ts') && !/node_modules|dist/.test(parentPath),
      )
      .flatMap(({ name, parentPath }) =>
        [
          ...readFileSync(join(parentPath, name), 'utf8').matchAll(/new (\w+)\(\{\s+name: '(ganglion_\w+)'/g),
        ].flatMap(([, kind, metric]) =>
          kind === 'Histogram' ? ['bucket', 'sum', 'count'].map((part) => `${metric}_${part}`) : [metric],
        ),
      ),
  );
}
