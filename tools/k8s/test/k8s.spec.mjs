import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { REPOSITORY } from '../../start/repository.mjs';
import { find, podsOf, render } from '../chart.mjs';
import { programPath, RUNS_HERE } from '../programs.mjs';
import { schemaErrors } from './schemas.mjs';

const run = promisify(execFile);
const K8S = join(REPOSITORY, 'k8s');
const TWO_POOLS = join(K8S, 'overlays', 'two-pools');
const here = RUNS_HERE ? describe : describe.skip;

const files = (await readdir(K8S, { recursive: true })).filter((name) => name.endsWith('.yaml'));
const read = async (/** @type {string} */ name) =>
  parseAllDocuments(await readFile(join(K8S, name), 'utf8')).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS();
  });

here('what the chart does not own', () => {
  it.each(files)('%s is YAML, and of Kubernetes what it says it is', async (name) => {
    const resources = (await read(name)).filter(({ kind }) => kind && kind !== 'Kustomization');
    expect(await schemaErrors(resources, '1.37')).toEqual([]);
  });

  it('is built by kustomize, with what the overlay changes', async () => {
    const { stdout } = await run(await programPath('kubectl'), ['kustomize', TWO_POOLS]);
    const resources = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(await schemaErrors(resources, '1.37')).toEqual([]);
    const [group] = find(resources, 'ClusterQueue', 'training').spec.resourceGroups;
    expect(group.flavors[0].resources).toContainEqual({ name: 'nvidia.com/gpu', nominalQuota: 8 });
    expect(find(resources, 'Namespace', 'ganglion').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it('puts no pod of the chart on the training pool, and GPU pods on pools that there are', async () => {
    const resources = await render(['--values', join(TWO_POOLS, 'values.yaml')]);
    const pools = await labelsOfPools();
    const onGpus = podsOf(resources).filter(({ spec }) => spec.nodeSelector?.['ganglion.dev/pool']);
    expect(onGpus.map(({ of }) => of.replace(/.*test-ganglion-/, '')).sort()).toEqual([
      'image-recognition',
      'medical-imaging',
      'speech-to-text',
    ]);
    for (const { spec } of onGpus) {
      expect(pools).toContain(spec.nodeSelector['ganglion.dev/pool']);
      expect(spec.nodeSelector['ganglion.dev/pool']).not.toBe('training');
      expect(spec.tolerations.map((/** @type {any} */ { key }) => key)).not.toContain('ganglion.dev/pool');
    }
    expect(await schemaErrors(resources, '1.37')).toEqual([]);
  });

  it('shares GPUs under the name that the profile of time-slicing gives them', async () => {
    const [profiles] = await read('gpu-operator/profiles.yaml');
    const { sharing } = parse(profiles.data['shared-4']);
    expect(sharing.timeSlicing).toMatchObject({
      renameByDefault: true,
      resources: [{ name: 'nvidia.com/gpu' }],
    });
    const resources = await render(['--values', join(TWO_POOLS, 'values.yaml')]);
    const [container] = find(resources, 'Deployment', 'medical-imaging').spec.template.spec.containers;
    expect(container.resources.limits).toHaveProperty(['nvidia.com/gpu.shared']);
  });

  it('exports what dashboards and alerts ask of a GPU', async () => {
    const metrics = (await read('gpu-operator/profiles.yaml'))[2].data['dcgm-metrics.csv'];
    for (const name of ['DCGM_FI_DEV_GPU_UTIL', 'DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_XID_ERRORS']) {
      expect(metrics).toContain(`${name}, gauge`);
    }
  });

  it.each(['gke.sh', 'aks.sh'])('%s is a shell script', async (name) => {
    await run('bash', ['-n', join(K8S, 'pools', name)]);
  });
});

/** Of GKE, which has them all. */
async function labelsOfPools() {
  const script = await readFile(join(K8S, 'pools', 'gke.sh'), 'utf8');
  return [...script.matchAll(/ganglion\.dev\/pool=([a-z-]+) /g)].map(([, pool]) => pool);
}
