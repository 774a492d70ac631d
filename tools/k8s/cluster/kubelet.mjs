import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('./control-plane.mjs').Cluster} Cluster */
/** @typedef {{ name: string, labels?: Record<string, string>, resources?: Record<string, string>, tainted?: boolean }} SimulatedNode */

const EVERY_MS = 200;

/** Makes a node that says that it is ready. */
export async function addNode(
  /** @type {Cluster} */ cluster,
  /** @type {SimulatedNode} */ { name, labels, resources, tainted },
) {
  const capacity = { cpu: '16', memory: '64Gi', pods: '110', ...resources };
  await cluster.request('POST', '/api/v1/nodes', {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
    spec: tainted ? { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] } : {},
  });
  const now = new Date().toISOString();
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const status = { capacity, allocatable: capacity, conditions: [condition] };
  await cluster.request('PATCH', `/api/v1/nodes/${name}/status`, { status }, 'application/merge-patch+json');
  // The controller manager taints a node until it has seen it ready.
  await cluster.request(
    'PATCH',
    `/api/v1/nodes/${name}`,
    { spec: { taints: tainted ? [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] : [] } },
    'application/merge-patch+json',
  );
}

/**
 * Does what kubelets would do, without containers: pods that were bound get ready, those of Jobs succeed, those to be deleted
 * go. `isReady` may keep a pod from getting ready.
 */
export function startKubelet(/** @type {Cluster} */ cluster) {
  const control = { isReady: (/** @type {any} */ _pod) => true, isRunning: true };
  const loop = (async () => {
    while (control.isRunning) {
      // What went wrong (a pod went, or somebody else changed it) is seen anew in the next round.
      const { items } = await cluster.request('GET', '/api/v1/pods').catch(() => ({ items: [] }));
      await Promise.all(
        items.map((/** @type {any} */ pod) => settle(cluster, control, pod).catch(() => undefined)),
      );
      await sleep(EVERY_MS);
    }
  })();
  return {
    control,
    stop: async () => {
      control.isRunning = false;
      await loop;
    },
  };
}

/** @param {Cluster} cluster @param {{ isReady: (pod: any) => boolean }} control @param {any} pod */
async function settle(cluster, control, pod) {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
  if (!pod.spec.nodeName) return;
  if (pod.metadata.deletionTimestamp) {
    await cluster.request('DELETE', `${path}?gracePeriodSeconds=0`);
    return;
  }
  const isJob = pod.spec.restartPolicy === 'Never';
  const ready = control.isReady(pod);
  const was = pod.status.conditions?.find((/** @type {any} */ { type }) => type === 'Ready')?.status;
  if (pod.status.phase === 'Succeeded' || (!isJob && was === (ready ? 'True' : 'False'))) return;
  await cluster.request(
    'PATCH',
    `${path}/status`,
    { status: statusOf(pod, isJob, ready) },
    'application/merge-patch+json',
  );
}

function statusOf(/** @type {any} */ pod, /** @type {boolean} */ isJob, /** @type {boolean} */ ready) {
  const now = new Date().toISOString();
  const status = ready && !isJob ? 'True' : 'False';
  const state = isJob
    ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }
    : { running: { startedAt: now } };
  const containers = pod.spec.containers.map((/** @type {any} */ { name, image }) => ({
    name,
    image,
    imageID: image,
    restartCount: 0,
    ready: ready && !isJob,
    started: true,
    state,
  }));
  return {
    phase: isJob ? 'Succeeded' : 'Running',
    startTime: now,
    podIP: '10.244.0.2',
    containerStatuses: containers,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: type === 'PodScheduled' || type === 'Initialized' ? 'True' : status,
      lastTransitionTime: now,
    })),
  };
}
