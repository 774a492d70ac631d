import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '../../start/repository.mjs';
import { CHART, environmentOf, find, helm, podsOf, render, renderByHelm3 } from '../chart.mjs';
import { generated } from '../generated.mjs';
import { RUNS_HERE } from '../programs.mjs';
import { schemaErrors } from './schemas.mjs';

const CASES = join(CHART, 'ci');
const here = RUNS_HERE ? describe : describe.skip;

here('the chart, for every file of values', () => {
  /** @type {Map<string, import('../chart.mjs').Resource[]>} */
  const rendered = new Map();
  const each = (
    /** @type {(resources: import('../chart.mjs').Resource[], name: string) => unknown} */ check,
  ) => Promise.all([...rendered].map(async ([name, resources]) => check(resources, name)));

  beforeAll(async () => {
    rendered.set('defaults', await render());
    for (const file of await readdir(CASES)) {
      rendered.set(file, await render(['--values', join(CASES, file)]));
    }
  });

  it('passes helm lint', async () => {
    for (const name of rendered.keys()) {
      const values = name === 'defaults' ? [] : ['--values', join(CASES, name)];
      // It knows of no cluster, so not of operators either.
      const output = await helm('lint', '--quiet', CHART, ...values).catch((error) => error.message);
      if (!/is not installed in this cluster/.test(output)) expect([name, output.trim()]).toEqual([name, '']);
    }
  });

  it.each(['1.30', '1.37'])('fits the strict schemas of Kubernetes %s', async (version) => {
    await each(async (resources, name) => {
      // An image volume is newer than 1.30, and the one thing that is.
      const errors = (await schemaErrors(resources, version)).filter(
        (error) => !(version === '1.30' && name === 'mig.yaml' && error.includes('/volumes/')),
      );
      expect([name, errors]).toEqual([name, []]);
    });
  });

  it('would not pass with a field that Kubernetes does not know', async () => {
    const [deployment] = /** @type {any[]} */ (rendered.get('defaults')).filter(
      ({ kind }) => kind === 'Deployment',
    );
    const wrong = structuredClone(deployment);
    wrong.spec.template.spec.tolerationz = [];
    wrong.spec.template.spec.topologySpreadConstraints[0].maxSkew = '1';
    const errors = await schemaErrors([wrong], '1.37');
    expect(errors.join()).toMatch(/tolerationz/);
    expect(errors.join()).toMatch(/maxSkew/);
  });

  it('is rendered by Helm 3 as by Helm 4', async () => {
    for (const file of ['gpu.yaml', 'openshift.yaml', 'keda.yaml']) {
      expect(await renderByHelm3(['--values', join(CASES, file)])).toEqual(rendered.get(file));
    }
  });

  it('runs every pod as Pod Security "restricted" asks, on a file system that nobody writes to', () =>
    each((resources) => {
      for (const { of, spec } of podsOf(resources)) {
        expect([of, spec.securityContext]).toMatchObject([
          of,
          { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        ]);
        expect(spec.volumes.filter((/** @type {any} */ volume) => volume.hostPath)).toEqual([]);
        for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
          expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(container.volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' });
        }
      }
    }));

  it('gives no pod a token of the cluster', () =>
    each((resources) => {
      for (const { spec } of podsOf(resources)) expect(spec.automountServiceAccountToken).toBe(false);
      for (const account of resources.filter(({ kind }) => kind === 'ServiceAccount')) {
        expect(account.automountServiceAccountToken).toBe(false);
      }
    }));

  it('asks for memory and CPU, and bounds memory, in every container', () =>
    each((resources) => {
      for (const { of, spec } of podsOf(resources)) {
        for (const { name, resources: wanted } of [...spec.containers, ...(spec.initContainers ?? [])]) {
          expect([of, name, wanted]).toMatchObject([
            of,
            name,
            {
              requests: { cpu: expect.anything(), memory: expect.anything() },
              limits: { memory: expect.anything() },
            },
          ]);
        }
      }
    }));

  it('sets no setting that docs/environment.md does not know', async () => {
    const page = await readFile(join(REPOSITORY, 'docs', 'environment.md'), 'utf8');
    const known = new Set([...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
    // Node's own, npm's, and NATS' of this chart.
    for (const name of ['NODE_EXTRA_CA_CERTS', 'HOME', 'NATS_TOKEN', 'POD_NAME']) known.add(name);
    await each((resources) => {
      for (const { of, spec } of podsOf(resources)) {
        for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
          const unknown = Object.keys(environmentOf(container)).filter((name) => !known.has(name));
          expect([of, unknown]).toEqual([of, []]);
        }
      }
    });
  });

  it('mounts only volumes that the pod has, and has none that nobody mounts', () =>
    each((resources) => {
      for (const { of, spec } of podsOf(resources)) {
        const containers = [...spec.containers, ...(spec.initContainers ?? [])];
        const mounted = new Set(
          containers.flatMap(({ volumeMounts }) => volumeMounts.map((/** @type {any} */ m) => m.name)),
        );
        const claimed = of.startsWith('StatefulSet') ? ['data'] : [];
        const there = [...spec.volumes.map((/** @type {any} */ { name }) => name), ...claimed];
        expect([of, [...mounted].sort()]).toEqual([of, there.sort()]);
      }
    }));

  it('holds no hook but of helm test, no CRD and no secret', () =>
    each((resources) => {
      const hooks = resources.map(({ metadata }) => metadata.annotations?.['helm.sh/hook']).filter(Boolean);
      expect([...new Set(hooks)]).toEqual(['test']);
      const kinds = resources.map(({ kind }) => kind);
      for (const kind of ['CustomResourceDefinition', 'Secret', 'ClusterRole'])
        expect(kinds).not.toContain(kind);
    }));

  it('covers every pod by the default deny', () =>
    each((resources) => {
      const { podSelector, policyTypes } = find(resources, 'NetworkPolicy', 'default-deny').spec;
      expect(policyTypes).toEqual(['Ingress', 'Egress']);
      for (const { of, labels } of podsOf(resources)) {
        expect([of, labels]).toMatchObject([of, podSelector.matchLabels]);
      }
    }));

  it('makes no budget that would stop a drain for ever', () =>
    each((resources) => {
      for (const { spec } of resources.filter(({ kind }) => kind === 'PodDisruptionBudget')) {
        expect(spec.maxUnavailable).toBeGreaterThan(0);
        expect(spec.minAvailable).toBeUndefined();
      }
    }));

  it('selects by the labels that its pods have', () =>
    each((resources) => {
      const pods = podsOf(resources);
      const selectors = resources.flatMap(({ kind, metadata, spec }) => {
        const labels = kind === 'Service' ? spec.selector : spec?.selector?.matchLabels;
        return labels ? [{ of: `${kind} ${metadata.name}`, labels }] : [];
      });
      for (const { of, labels } of selectors) {
        if (of.startsWith('ServiceMonitor')) continue;
        const chosen = pods.filter((pod) =>
          Object.entries(labels).every(([key, value]) => pod.labels[key] === value),
        );
        expect([of, chosen.length]).not.toEqual([of, 0]);
      }
    }));
});

it('keeps what is generated of the chart as it is generated', async () => {
  for (const { path, text } of await generated())
    expect([path, await readFile(path, 'utf8')]).toEqual([path, text]);
});
