import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';

const GROUP = 'external.metrics.k8s.io';
const VERSION = `${GROUP}/v1beta1`;

/**
 * Answers the HorizontalPodAutoscaler as prometheus-adapter would, with what `values` holds by service, in seconds.
 *
 * @param {import('./control-plane.mjs').Cluster} cluster
 */
export async function serveExternalMetrics(cluster) {
  const values = /** @type {Record<string, string>} */ ({});
  const certificate = (/** @type {string} */ name) => readFile(join(cluster.folder, 'certificates', name));
  const [cert, key] = await Promise.all([certificate('apiserver.crt'), certificate('apiserver.key')]);
  const server = createServer({ cert, key }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://metrics');
    const service = /service=([a-z-]+)/.exec(url.searchParams.get('labelSelector') ?? '')?.[1] ?? '';
    const value = values[service];
    const item = {
      metricName: 'ganglion_queue_seconds',
      metricLabels: { service },
      timestamp: new Date(),
      value,
    };
    const list = {
      kind: 'ExternalMetricValueList',
      apiVersion: VERSION,
      metadata: {},
      items: value ? [item] : [],
    };
    const resources = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: VERSION, resources: [] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(url.pathname.endsWith('ganglion_queue_seconds') ? list : resources));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await cluster.request('POST', '/api/v1/namespaces/kube-system/services', {
    metadata: { name: 'external-metrics' },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
  });
  await cluster.request('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {
    metadata: { name: `v1beta1.${GROUP}` },
    spec: {
      group: GROUP,
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: 'external-metrics', namespace: 'kube-system', port },
    },
  });
  return {
    values,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
