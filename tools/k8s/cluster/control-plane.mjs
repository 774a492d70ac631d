import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { logTail, spawnGuarded } from '../../servers/guarded-process.mjs';
import { freePort } from '../../servers/ports.mjs';
import { programPath } from '../programs.mjs';
import { kubeboxBinary } from './kubebox.mjs';

const run = promisify(execFile);
const READY_WITHIN_MS = 180_000;

/**
 * A Kubernetes control plane on 127.0.0.1: etcd, API server, controller manager, scheduler. No kubelet.
 *
 * @typedef {{
 *   folder: string, kubeconfig: string, url: string, token: string,
 *   kubectl: (...args: string[]) => Promise<string>, helm: (...args: string[]) => Promise<string>,
 *   request: (method: string, path: string, body?: unknown, type?: string) => Promise<any>, stop: () => Promise<void>,
 * }} Cluster
 *
 * @returns {Promise<Cluster>}
 */
export async function startCluster() {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-k8s-'));
  const [etcd, peer, api, controllers, scheduler] = /** @type {[number, number, number, number, number]} */ (
    await Promise.all(Array.from({ length: 5 }, () => freePort()))
  );
  const token = randomBytes(24).toString('hex');
  const key = join(folder, 'accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(key, privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const url = `https://127.0.0.1:${api}`;
  const kubeconfig = join(folder, 'kubeconfig.json');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(url, token)), { mode: 0o600 });
  const parts = partsOf({ folder, key, etcd, peer, api, controllers, scheduler, kubeconfig });
  const binary = await kubeboxBinary();
  /** @type {import('../../servers/guarded-process.mjs').GuardedProcess[]} */
  const processes = [];
  const start = async (/** @type {string} */ name) => {
    const [home, logFile] = [join(folder, name), join(folder, `${name}.log`)];
    await mkdir(home);
    const args = [name, ...(parts[name] ?? [])];
    processes.push(
      await spawnGuarded({ command: binary, args, cwd: home, env: {}, logFile, stopSignal: 'SIGTERM' }),
    );
  };
  const stop = async () => {
    for (const process of processes.reverse()) await process.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const cluster = clientOf({ folder, kubeconfig, url, token, stop });
  try {
    await start('etcd');
    await start('kube-apiserver');
    await waitFor(() => cluster.request('GET', '/api/v1/namespaces/default'));
    await start('kube-controller-manager');
    await start('kube-scheduler');
    // The last thing that the controller manager makes in a namespace before a pod can run there.
    await waitFor(() => cluster.request('GET', '/api/v1/namespaces/default/serviceaccounts/default'));
    return cluster;
  } catch (error) {
    const log = await logTail(join(folder, 'kube-apiserver.log'));
    await stop();
    throw new Error(`The control plane did not start: ${error}\n${log}`);
  }
}

/** Admin's own; the API server's certificate was made by itself. */
function kubeconfigOf(/** @type {string} */ server, /** @type {string} */ token) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'box', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'box', context: { cluster: 'box', user: 'admin' } }],
    'current-context': 'box',
  };
}

/** @param {Record<string, any>} at @returns {Record<string, string[]>} */
function partsOf({ folder, key, etcd, peer, api, controllers, scheduler, kubeconfig }) {
  const client = `http://127.0.0.1:${etcd}`;
  const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'];
  return {
    etcd: [
      `--data-dir=${folder}/etcd-data`,
      '--unsafe-no-fsync',
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
    ],
    'kube-apiserver': [
      `--etcd-servers=${client}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${api}`,
      `--cert-dir=${folder}/certificates`,
      `--token-auth-file=${folder}/tokens.csv`,
      '--authorization-mode=RBAC',
      '--endpoint-reconciler-type=none',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${key}`,
      `--service-account-key-file=${key}`,
    ],
    'kube-controller-manager': [
      ...common,
      `--secure-port=${controllers}`,
      `--service-account-private-key-file=${key}`,
      '--horizontal-pod-autoscaler-sync-period=2s',
      // Nobody renews the leases of simulated nodes.
      '--node-monitor-grace-period=3h',
    ],
    'kube-scheduler': [...common, `--secure-port=${scheduler}`],
  };
}

/** @param {{ folder: string, kubeconfig: string, url: string, token: string, stop: () => Promise<void> }} at @returns {Cluster} */
function clientOf(at) {
  const { kubeconfig } = at;
  const tool =
    (/** @type {'helm' | 'kubectl'} */ name) =>
    async (/** @type {string[]} */ ...args) => {
      const env = { ...process.env, KUBECONFIG: kubeconfig, HELM_DRIVER: 'secret' };
      const { stdout } = await run(await programPath(name), args, { env, maxBuffer: 64 * 1024 * 1024 });
      return stdout;
    };
  const kubectl = tool('kubectl');
  return { ...at, kubectl, helm: tool('helm'), request: requester(at) };
}

/** The certificate is the API server's own, so it is the only authority that counts here. */
function requester(/** @type {{ folder: string, url: string, token: string }} */ { folder, url, token }) {
  return async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {unknown} */ body = undefined,
    type = 'application/json',
  ) => {
    const { request } = await import('node:https');
    const ca = await readFile(join(folder, 'certificates', 'apiserver.crt'));
    const text = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      const call = request(
        url + path,
        { method, headers, ca, checkServerIdentity: () => undefined },
        (response) => {
          let answer = '';
          response.on('data', (chunk) => (answer += chunk));
          response.on('end', () =>
            (response.statusCode ?? 500) < 300
              ? resolve(answer)
              : reject(new Error(`${response.statusCode} ${answer}`)),
          );
        },
      );
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** Asks again and again until it is answered. */
async function waitFor(/** @type {() => Promise<unknown>} */ ask) {
  for (const since = Date.now(); ; await sleep(250)) {
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() - since > READY_WITHIN_MS) throw error;
    }
  }
}
