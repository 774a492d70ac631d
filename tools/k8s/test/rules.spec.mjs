/** The rules that users' complaints about other charts taught, one test each. */
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CHART, environmentOf, find, render } from '../chart.mjs';
import { RUNS_HERE } from '../programs.mjs';

const values = (/** @type {string} */ name) => ['--values', join(CHART, 'ci', `${name}.yaml`)];
const set = (/** @type {string[]} */ ...pairs) => pairs.flatMap((pair) => ['--set', pair]);
const podOf = (/** @type {any} */ resource) => resource.spec.template.spec;
const here = RUNS_HERE ? describe : describe.skip;

here('scaling', () => {
  it('leaves replicas out where something scales, and only there', async () => {
    const resources = await render(values('hpa'));
    expect(find(resources, 'Deployment', 'nlp').spec).not.toHaveProperty('replicas');
    expect(find(resources, 'Deployment', 'forecasting').spec.replicas).toBe(1);
    expect(find(resources, 'HorizontalPodAutoscaler', 'nlp').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 10,
    });
  });

  it('scales by CPU and by queue time', async () => {
    const { metrics } = find(await render(values('hpa')), 'HorizontalPodAutoscaler', 'nlp').spec;
    expect(metrics[0].resource.target).toEqual({ type: 'Utilization', averageUtilization: 75 });
    expect(metrics[1].external).toEqual({
      metric: { name: 'ganglion_queue_seconds', selector: { matchLabels: { service: 'nlp' } } },
      target: { type: 'Value', value: '250m' },
    });
  });

  it('writes KEDA metadata as text, and whole numbers as numbers', async () => {
    const resources = await render(values('keda'));
    for (const { spec } of resources.filter(({ kind }) => kind === 'ScaledObject')) {
      for (const { metadata } of spec.triggers) {
        for (const value of Object.values(metadata)) expect(typeof value).toBe('string');
      }
      for (const key of ['minReplicaCount', 'maxReplicaCount', 'cooldownPeriod', 'pollingInterval']) {
        expect(Number.isInteger(spec[key])).toBe(true);
      }
    }
  });

  it('scales jobs by what waits in their stream, of the account named, down to none', async () => {
    const { spec } = find(await render(values('keda')), 'ScaledObject', 'speech-to-text');
    expect(spec.minReplicaCount).toBe(0);
    expect(spec.triggers).toEqual([
      {
        type: 'nats-jetstream',
        metadata: {
          natsServerMonitoringEndpoint: 'test-ganglion-nats-headless.ganglion.svc:8222',
          account: '$G',
          stream: 'GANGLION_JOBS',
          consumer: 'cpu-speech-to-text',
          lagThreshold: '5',
          activationLagThreshold: '0',
        },
      },
    ]);
  });

  it('expects every service at the gateway but those that may be at none', async () => {
    const gateway = async (/** @type {string[]} */ args) =>
      environmentOf(podOf(find(await render(args), 'Deployment', 'gateway')).containers[0]).GANGLION_EXPECT;
    expect(await gateway([])).toContain('nlp,speech-to-text');
    expect(await gateway(values('keda'))).not.toContain('speech-to-text');
    expect(await gateway(set('services.nlp.enabled=false'))).not.toContain('nlp');
  });
});

here('a GPU', () => {
  it('takes an old pod away before a new one comes, as a full pool needs', async () => {
    const resources = await render(values('gpu'));
    const strategyOf = (/** @type {string} */ name) => find(resources, 'Deployment', name).spec.strategy;
    expect(strategyOf('image-recognition').rollingUpdate).toEqual({ maxSurge: 0, maxUnavailable: 1 });
    expect(strategyOf('nlp').rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });

  it('lets the operator choose the strategy', async () => {
    const resources = await render([
      ...values('gpu'),
      ...set('services.speech-to-text.strategy.type=Recreate'),
    ]);
    expect(find(resources, 'Deployment', 'speech-to-text').spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('lands on its pool: resource, selector, toleration, runtime class, image and device', async () => {
    const pod = podOf(find(await render(values('gpu')), 'Deployment', 'image-recognition'));
    expect(pod).toMatchObject({
      runtimeClassName: 'nvidia',
      nodeSelector: { 'ganglion.dev/pool': 'inference' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    });
    const [container] = pod.containers;
    expect(container.image).toBe('ganglion-image-recognition:0.0.0-cuda');
    expect(container.resources.limits['nvidia.com/gpu']).toBe('1');
    expect(environmentOf(container)).toMatchObject({
      GANGLION_DEVICE: 'cuda',
      GANGLION_DEVICE_FALLBACK: 'none',
    });
  });

  it('is asked for by nobody else', async () => {
    const pod = podOf(find(await render(values('gpu')), 'Deployment', 'nlp'));
    expect(pod).not.toHaveProperty('runtimeClassName');
    expect(pod).not.toHaveProperty('nodeSelector');
    expect(pod).not.toHaveProperty('tolerations');
    expect(Object.keys(pod.containers[0].resources.limits)).toEqual(['memory']);
    expect(environmentOf(pod.containers[0]).GANGLION_DEVICE).toBe('cpu');
  });

  it('may be a MIG slice or a share of time, without a runtime class', async () => {
    const resources = await render(values('mig'));
    const limits = (/** @type {string} */ name) =>
      podOf(find(resources, 'Deployment', name)).containers[0].resources.limits;
    expect(limits('nlp')).toMatchObject({ 'nvidia.com/mig-1g.10gb': '1' });
    expect(limits('fraud-detection')).toMatchObject({ 'nvidia.com/gpu.shared': '1' });
    expect(podOf(find(resources, 'Deployment', 'fraud-detection'))).not.toHaveProperty('runtimeClassName');
  });
});

here('secrets', () => {
  it('are read by the names and keys of the operator', async () => {
    const resources = await render(values('external'));
    const env = (/** @type {string} */ name) =>
      environmentOf(podOf(find(resources, 'Deployment', name)).containers[0]);
    expect(env('control-plane')).toMatchObject({
      GANGLION_DATABASE_URL: 'pg/uri',
      GANGLION_DATABASE_ROLE_PASSWORD: 'pg/roles',
      GANGLION_BOOTSTRAP_KEY: 'first-key/value',
      GANGLION_NATS_TOKEN: 'nats-access/tok',
    });
    expect(find(resources, 'Job', 'migrate-gateway-1')).toBeDefined();
    expect(JSON.stringify(resources)).not.toMatch(/ganglion-(database|bootstrap-key|nats)"/);
  });

  it('of the database and the first key go to nobody who does not need them', async () => {
    const resources = await render();
    const nlp = environmentOf(podOf(find(resources, 'Deployment', 'nlp')).containers[0]);
    expect(Object.values(nlp).filter((value) => value.includes('/ganglion-'))).toEqual([]);
    expect(Object.keys(nlp).filter((name) => /DATABASE|BOOTSTRAP/.test(name))).toEqual([]);
    const gateway = environmentOf(podOf(find(resources, 'Deployment', 'gateway')).containers[0]);
    expect(gateway).not.toHaveProperty('GANGLION_BOOTSTRAP_KEY');
  });

  it('restart the pods when they were rotated', async () => {
    const of = async (/** @type {string[]} */ args) =>
      find(await render(args), 'Deployment', 'nlp').spec.template.metadata.annotations[
        'ganglion.dev/rotation'
      ];
    expect(await of([])).toBe('');
    expect(await of(set('defaults.rotation=october'))).toBe('october');
  });
});

here('migrations', () => {
  it('are plain Jobs by revision that wait for the database', async () => {
    const resources = await render();
    for (const service of ['gateway', 'control-plane']) {
      const job = find(resources, 'Job', `migrate-${service}-1`);
      expect(job.metadata.annotations).toBeUndefined();
      const pod = podOf(job);
      expect(pod.initContainers[0].command).toEqual([
        'node',
        'infra/image/wait-for-database.mjs',
        '--seconds=600',
      ]);
      expect(pod.containers[0].command).toEqual(['node', `apps/${service}/dist/migrate.js`]);
    }
    expect((await render(['--is-upgrade'])).filter(({ kind }) => kind === 'Job')).toHaveLength(2);
  });

  it('are waited for by the pods whose schema they make', async () => {
    const resources = await render();
    expect(podOf(find(resources, 'Deployment', 'control-plane')).initContainers[0].command).toContain(
      'apps/control-plane',
    );
    expect(podOf(find(resources, 'Deployment', 'nlp'))).not.toHaveProperty('initContainers');
  });
});

here('probes', () => {
  it('leave time to load models, and kill nobody for not being ready', async () => {
    const [container] = podOf(find(await render(), 'Deployment', 'nlp')).containers;
    const { startupProbe, readinessProbe, livenessProbe } = container;
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(600);
    expect(startupProbe.httpGet.path).toBe('/readyz');
    expect(readinessProbe.httpGet.path).toBe('/readyz');
    expect(livenessProbe.httpGet.path).toBe('/livez');
    expect(livenessProbe.periodSeconds * livenessProbe.failureThreshold).toBeGreaterThanOrEqual(60);
  });

  it("ask the gateway at its own port, for it has no admin's", async () => {
    const [container] = podOf(find(await render(), 'Deployment', 'gateway')).containers;
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
  });

  it('give a stopping pod the time that its drain may take', async () => {
    const resources = await render(set('services.nlp.drainSeconds=100'));
    for (const name of ['nlp', 'gateway']) {
      const pod = podOf(find(resources, 'Deployment', name));
      const env = environmentOf(pod.containers[0]);
      const needed = 2 * Number(env.GANGLION_DRAIN_MS) + Number(env.GANGLION_DRAIN_NOTICE_MS ?? 0);
      expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(needed);
    }
  });
});

here('storage', () => {
  it.each([
    ['baked', [], undefined],
    ['emptyDir', set('models.source=emptyDir'), { name: 'models', emptyDir: {} }],
    ['pvc', values('gpu'), { name: 'models', persistentVolumeClaim: { claimName: 'test-ganglion-models' } }],
    [
      'existing claim',
      values('external'),
      { name: 'models', persistentVolumeClaim: { claimName: 'weights' } },
    ],
    [
      'image',
      values('mig'),
      {
        name: 'models',
        image: { reference: 'registry.example.com/ganglion-models:0.0.0', pullPolicy: 'IfNotPresent' },
      },
    ],
  ])('brings models: %s', async (source, args, volume) => {
    const resources = await render(args);
    const pod = podOf(find(resources, 'Deployment', 'nlp'));
    expect(pod.volumes.find((/** @type {any} */ { name }) => name === 'models')).toEqual(volume);
    expect(
      podOf(find(resources, 'Deployment', 'gateway')).volumes.map((/** @type {any} */ { name }) => name),
    ).not.toContain('models');
    const claims = resources.filter(
      ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name.endsWith('-models'),
    );
    expect(claims).toHaveLength(source === 'pvc' ? 1 : 0);
  });

  it('shares one claim of blobs, which outlives the release', async () => {
    const claim = find(await render(), 'PersistentVolumeClaim', 'blobs');
    expect(claim.spec.accessModes).toEqual(['ReadWriteMany']);
    expect(claim.metadata.annotations['helm.sh/resource-policy']).toBe('keep');
    expect(claim.spec).not.toHaveProperty('storageClassName');
  });
});

here('names and doors', () => {
  it('lets OpenShift choose user and group', async () => {
    const resources = await render(values('openshift'));
    const { securityContext, serviceAccountName } = podOf(find(resources, 'Deployment', 'nlp'));
    expect(securityContext).toEqual({
      runAsNonRoot: true,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(serviceAccountName).toBe('ganglion');
    expect(resources.filter(({ kind }) => kind === 'ServiceAccount')).toEqual([]);
  });

  it('shows no metrics outside of the cluster', async () => {
    const paths = find(await render(values('external')), 'Ingress', 'test-ganglion').spec.rules[0].http.paths;
    expect(paths.map((/** @type {any} */ { path }) => path)).toContain('/v1');
    expect(paths.some((/** @type {any} */ { path }) => '/metrics'.startsWith(path))).toBe(false);
    const [rule] = find(await render(values('hpa')), 'HTTPRoute', 'test-ganglion').spec.rules;
    expect(rule.matches.some((/** @type {any} */ { path }) => '/metrics'.startsWith(path.value))).toBe(false);
  });

  it('keeps names short enough, however long the release is called', async () => {
    const { helm } = await import('../chart.mjs');
    const text = await helm('template', 'a-release-whose-name-is-as-long-as-helm-will-take-it', CHART);
    for (const [, name] of text.matchAll(/^ {2}name: (.+)$/gm))
      expect(String(name).length).toBeLessThanOrEqual(63);
  });

  it('runs a service of the operator beside its own', async () => {
    const resources = await render(set('services.own.image=registry.example.com/own:1'));
    expect(podOf(find(resources, 'Deployment', 'own')).containers[0].image).toBe(
      'registry.example.com/own:1',
    );
  });

  it('takes one core a session, whatever cores the node has', async () => {
    const [container] = podOf(find(await render(), 'Deployment', 'nlp')).containers;
    expect(environmentOf(container).GANGLION_INTRA_OP_THREADS).toBe('1');
  });

  it('lets what the operator sets win over what the chart sets', async () => {
    const resources = await render(
      set('services.nlp.env.GANGLION_DEVICE=auto', 'defaults.env.GANGLION_LOG_LEVEL=debug'),
    );
    expect(environmentOf(podOf(find(resources, 'Deployment', 'nlp')).containers[0])).toMatchObject({
      GANGLION_DEVICE: 'auto',
      GANGLION_LOG_LEVEL: 'debug',
    });
  });
});
