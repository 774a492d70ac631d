/**
 * The chart on a real Kubernetes control plane with simulated nodes: `npm run k8s:cluster`. No container runs, so nothing is
 * said of probes, NetworkPolicies, KEDA or a GPU itself.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHART, render } from '../chart.mjs';
import { startCluster } from './control-plane.mjs';
import { serveExternalMetrics } from './external-metrics.mjs';
import { addNode, startKubelet } from './kubelet.mjs';

/** @type {import('./control-plane.mjs').Cluster} */
let cluster;
/** @type {ReturnType<typeof startKubelet>} */
let kubelet;
/** @type {Awaited<ReturnType<typeof serveExternalMetrics>>} */
let metrics;
/** @type {string} */
let folder;

const NAMESPACE = 'ganglion';
/** CPU services, four GPUs of one node for pictures, a MIG slice for text; text scales by queue time. */
const VALUES = {
  services: {
    'image-recognition': {
      replicas: 2,
      gpu: { enabled: true, runtimeClassName: null, nodeSelector: { pool: 'gpu' } },
    },
    nlp: {
      gpu: {
        enabled: true,
        runtimeClassName: null,
        resource: 'nvidia.com/mig-1g.10gb',
        nodeSelector: { pool: 'mig' },
      },
    },
    forecasting: {
      autoscaling: { kind: 'hpa', minReplicas: 1, maxReplicas: 6, cpuUtilization: null, queueSeconds: 0.1 },
    },
  },
};

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'ganglion-values-'));
  kubelet = startKubelet(cluster);
  metrics = await serveExternalMetrics(cluster);
  for (const zone of ['a', 'b']) {
    await addNode(cluster, {
      name: `cpu-${zone}`,
      labels: { pool: 'cpu', 'topology.kubernetes.io/zone': zone },
    });
  }
  await addNode(cluster, {
    name: 'gpu-0',
    labels: { pool: 'gpu' },
    resources: { 'nvidia.com/gpu': '4' },
    tainted: true,
  });
  await addNode(cluster, {
    name: 'mig-0',
    labels: { pool: 'mig' },
    resources: { 'nvidia.com/mig-1g.10gb': '7' },
    tainted: true,
  });
  await volumes();
  await cluster.kubectl('create', 'namespace', NAMESPACE);
  await cluster.kubectl('label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted');
}, 600_000);

afterAll(async () => {
  await kubelet?.stop();
  metrics?.stop();
  await cluster?.stop();
  if (folder) await rm(folder, { recursive: true });
}, 120_000);

it('is refused with one sentence while a secret is missing, and leaves nothing behind', async () => {
  await expect(upgrade()).rejects.toThrow(
    'database.existingSecret: there is no secret "ganglion-database" in the namespace "ganglion"; it must hold url, role-password.',
  );
  await secret('ganglion-database', 'url=postgresql://x', 'password=x');
  await expect(upgrade()).rejects.toThrow(
    'database.existingSecret: the secret "ganglion-database" holds no key "role-password", only: password, url.',
  );
  expect((await list('deployments', 'apps/v1')).length).toBe(0);
});

it('installs, with every pod admitted by Pod Security "restricted"', async () => {
  await cluster.kubectl('-n', NAMESPACE, 'delete', 'secret', 'ganglion-database');
  await secret('ganglion-database', 'url=postgresql://x', 'role-password=x');
  await secret('ganglion-nats', 'token=x');
  await secret('ganglion-bootstrap-key', 'key=x');
  await secret('ganglion-nats-tls', 'tls.crt=x', 'tls.key=x', 'ca.crt=x');
  await upgrade('--wait', '--wait-for-jobs');
  const bare = { metadata: { name: 'bare' }, spec: { containers: [{ name: 'bare', image: 'x' }] } };
  await expect(cluster.request('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, bare)).rejects.toThrow(
    /403.*violates PodSecurity \\"restricted/,
  );
  const jobs = await list('jobs', 'batch/v1');
  expect(jobs.map(({ metadata }) => metadata.name).sort()).toEqual([
    'test-ganglion-migrate-control-plane-1',
    'test-ganglion-migrate-gateway-1',
  ]);
  expect(jobs.every(({ status }) => status.succeeded === 1)).toBe(true);
});

it('is taken whole by the API server, every field of every file of values', async () => {
  await cluster.kubectl('create', 'namespace', 'dry');
  // What is not made does not let a pod in.
  for (const account of ['test-ganglion', 'ganglion']) {
    await cluster.kubectl('create', 'serviceaccount', account, '--namespace', 'dry');
  }
  for (const file of ['external.yaml', 'small.yaml', 'mig.yaml', 'openshift.yaml']) {
    const resources = await render(['--values', join(CHART, 'ci', file)]);
    const path = join(folder, 'dry-run.json');
    await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: resources }));
    await cluster.kubectl('apply', '--namespace', 'dry', '--dry-run=server', '--validate=strict', '-f', path);
  }
});

it('puts every GPU pod on its pool, and nobody else there', async () => {
  const nodes = await nodesByService();
  expect(nodes['image-recognition']).toEqual(['gpu-0', 'gpu-0']);
  expect(nodes.nlp).toEqual(['mig-0']);
  const others = Object.entries(nodes).filter(([name]) => name !== 'nlp' && name !== 'image-recognition');
  expect(others.length).toBeGreaterThanOrEqual(7);
  for (const [, where] of others) expect(where.every((node) => node.startsWith('cpu-'))).toBe(true);
  expect(nodes.gateway).toEqual(['cpu-a', 'cpu-b']);
});

it('leaves a pod Pending with a clear event when its pool is full, or does not exist', async () => {
  await upgrade('--set', 'services.image-recognition.replicas=5');
  await eventually(async () => {
    const [reason] = await pendingReasons('image-recognition');
    expect(reason).toMatch(/1 Insufficient nvidia\.com\/gpu/);
  });
  await upgrade('--set', 'services.speech-to-text.nodeSelector.pool=nowhere');
  await eventually(async () => {
    const [reason] = await pendingReasons('speech-to-text');
    expect(reason).toMatch(/didn't match Pod's node affinity\/selector/);
  });
  await upgrade('--wait');
});

it('scales by queue time, and keeps what was scaled through the next upgrade', async () => {
  metrics.values.forecasting = '250m';
  await eventually(async () => expect(await replicas('forecasting')).toBeGreaterThanOrEqual(3));
  metrics.values.forecasting = '100m';
  const scaled = await replicas('forecasting');
  await upgrade('--wait', '--set', 'services.forecasting.rotation=again');
  expect(await replicas('forecasting')).toBeGreaterThanOrEqual(scaled);
});

it('rolls out on a full pool', async () => {
  await upgrade('--wait', '--set', 'services.image-recognition.replicas=4');
  await upgrade(
    '--wait',
    '--set',
    'services.image-recognition.replicas=4,services.image-recognition.rotation=again',
  );
  expect((await nodesByService())['image-recognition']).toEqual(['gpu-0', 'gpu-0', 'gpu-0', 'gpu-0']);
});

it('lets a drain take no more than its budget', async () => {
  const [first, second] = await pods('gateway');
  kubelet.control.isReady = ({ metadata }) => metadata.name !== first.metadata.name;
  await eventually(async () => {
    const { status } = await cluster.request(
      'GET',
      `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets/test-ganglion-gateway`,
    );
    expect(status.disruptionsAllowed).toBe(0);
  });
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: second.metadata.name, namespace: NAMESPACE },
  };
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${second.metadata.name}/eviction`;
  await expect(cluster.request('POST', path, eviction)).rejects.toThrow(/429.*disruption budget/);
  kubelet.control.isReady = () => true;
  // A pod of NATS comes back under its name at once here, and Kubernetes counts it as evicted for two minutes more.
  await cluster.kubectl('drain', 'cpu-a', '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=240s');
  await eventually(async () => expect((await nodesByService()).gateway).toEqual(['cpu-b', 'cpu-b']));
  await cluster.kubectl('uncordon', 'cpu-a');
}, 400_000);

it('rolls back, each revision with migrations of its own name', async () => {
  await cluster.helm('rollback', 'test', '1', '--namespace', NAMESPACE, '--wait', '--timeout', '3m');
  const names = (await list('jobs', 'batch/v1')).map(({ metadata }) => metadata.name);
  expect(names).toHaveLength(2);
  expect(names.every((name) => /-migrate-(gateway|control-plane)-\d+$/.test(name))).toBe(true);
});

it('uninstalls, and keeps the blobs', async () => {
  await cluster.helm('uninstall', 'test', '--namespace', NAMESPACE, '--wait', '--timeout', '3m');
  await eventually(async () => expect(await list('pods', 'v1')).toEqual([]));
  const claims = (await list('persistentvolumeclaims', 'v1')).map(({ metadata }) => metadata.name);
  expect(claims).toContain('test-ganglion-blobs');
});

/** @returns {Promise<string>} */
async function upgrade(/** @type {string[]} */ ...args) {
  const values = join(folder, 'values.json');
  await writeFile(values, JSON.stringify(VALUES));
  return cluster.helm(
    'upgrade',
    '--install',
    'test',
    CHART,
    '--namespace',
    NAMESPACE,
    '--values',
    values,
    '--timeout',
    '3m',
    ...args,
  );
}

async function secret(/** @type {string} */ name, /** @type {string[]} */ ...pairs) {
  await cluster.kubectl(
    '-n',
    NAMESPACE,
    'create',
    'secret',
    'generic',
    name,
    ...pairs.map((pair) => `--from-literal=${pair}`),
  );
}

/** No provisioner runs here: claims bind to what an administrator made. */
async function volumes() {
  for (const [name, accessModes, storage] of /** @type {const} */ ([
    ['blobs', ['ReadWriteMany'], '20Gi'],
    ...[0, 1, 2].map((i) => /** @type {const} */ ([`nats-${i}`, ['ReadWriteOnce'], '10Gi'])),
  ])) {
    await cluster.request('POST', '/api/v1/persistentvolumes', {
      metadata: { name },
      spec: { capacity: { storage }, accessModes, hostPath: { path: '/none' } },
    });
  }
}

/** @returns {Promise<any[]>} */
async function list(/** @type {string} */ resource, /** @type {string} */ api) {
  const root = api === 'v1' ? '/api/v1' : `/apis/${api}`;
  return (await cluster.request('GET', `${root}/namespaces/${NAMESPACE}/${resource}`)).items;
}

async function pods(/** @type {string} */ service) {
  const all = await list('pods', 'v1');
  return all.filter(
    ({ metadata }) =>
      metadata.labels['app.kubernetes.io/component'] === service && !metadata.deletionTimestamp,
  );
}

/** @returns {Promise<Record<string, string[]>>} */
async function nodesByService() {
  /** @type {Record<string, string[]>} */
  const nodes = {};
  for (const { metadata, spec, status } of await list('pods', 'v1')) {
    const service = metadata.labels['app.kubernetes.io/component'];
    if (status.phase === 'Running' && !metadata.deletionTimestamp)
      (nodes[service] ??= []).push(spec.nodeName);
  }
  for (const where of Object.values(nodes)) where.sort();
  return nodes;
}

async function pendingReasons(/** @type {string} */ service) {
  return (await pods(service))
    .filter(({ status }) => status.phase === 'Pending')
    .map(
      ({ status }) =>
        status.conditions?.find((/** @type {any} */ { type }) => type === 'PodScheduled')?.message,
    );
}

async function replicas(/** @type {string} */ service) {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/test-ganglion-${service}`;
  return (await cluster.request('GET', path)).spec.replicas;
}

async function eventually(/** @type {() => Promise<void>} */ check) {
  for (const since = Date.now(); ; await sleep(500)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - since > 90_000) throw error;
    }
  }
}
