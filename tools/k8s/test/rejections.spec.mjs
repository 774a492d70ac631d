import { describe, expect, it } from '@jest/globals';
import { render } from '../chart.mjs';
import { RUNS_HERE } from '../programs.mjs';

const here = RUNS_HERE ? describe : describe.skip;

here('values that do not fit', () => {
  it.each([
    ['replicas=3', "additional properties 'replicas' not allowed"],
    ['services.nlp.replica=3', "at '/services/nlp': additional properties 'replica' not allowed"],
    ['services.nlp.replicas=many', "at '/services/nlp/replicas': got string, want integer"],
    ['services.nlp.gpu.resource=gpu', "at '/services/nlp/gpu/resource': 'gpu' does not match pattern"],
    [
      'services.nlp.autoscaling.kind=vpa',
      "at '/services/nlp/autoscaling/kind': value must be one of 'none', 'hpa', 'keda'",
    ],
    ['services.nlp.env.DEBUG=1', "invalid propertyName 'DEBUG'"],
    ['services.nlp.tolerations[0].operater=Exists', "additional properties 'operater' not allowed"],
    ['services.NLP.replicas=1', "invalid propertyName 'NLP'"],
    ['nats.replicas=2', "at '/nats/replicas': value must be one of 1, 3, 5"],
    ['nats.urls={http://nats}', "at '/nats/urls/0': 'http://nats' does not match pattern"],
    ['blobs.size=20GB', "at '/blobs/size': '20GB' does not match pattern"],
    ['models.source=s3', "at '/models/source': value must be one of 'baked', 'pvc', 'image', 'emptyDir'"],
    ['database.existingSecret=', "at '/database/existingSecret': '' does not match pattern"],
    [
      'services.nlpp.replicas=2',
      'services.nlpp: there is no such service. Known are control-plane, forecasting,',
    ],
    ['services.nlp.autoscaling.minReplicas=9', 'minReplicas (9) is more than maxReplicas (4)'],
    [
      'services.nlp.autoscaling.kind=hpa,services.nlp.autoscaling.minReplicas=0',
      '0 needs kind keda and jobs',
    ],
    [
      'services.nlp.autoscaling.kind=keda,services.nlp.autoscaling.minReplicas=0',
      'only a job can wait for a pod to start',
    ],
    [
      'services.nlp.autoscaling.kind=keda,services.nlp.autoscaling.queueSeconds=null',
      'keda needs queueSeconds, jobs or both',
    ],
    ['services.gateway.gpu.enabled=true', 'it runs no models, so it has no use for a GPU'],
    ['nats.enabled=false', 'nats.urls: with nats.enabled false, name the servers of your own NATS'],
    ['nats.urls={tls://nats.example.com}', 'nats.urls: of no use with nats.enabled true'],
    ['models.source=image', 'models.image: with models.source image, name the image'],
    ['ingress.enabled=true,gatewayApi.enabled=true', 'choose one'],
    ['gatewayApi.enabled=true', 'gatewayApi.parentRefs: name the Gateway'],
  ])('%s: %s', async (values, message) => {
    await expect(render(['--set', values])).rejects.toThrow(message);
  });

  it.each([
    ['services.nlp.autoscaling.kind=keda', 'keda is not installed in this cluster'],
    [
      'monitoring.serviceMonitor.enabled=true',
      'the Prometheus operator (monitoring.coreos.com/v1) is not installed',
    ],
    [
      'gatewayApi.enabled=true,gatewayApi.parentRefs[0].name=public',
      'the Gateway API (gateway.networking.k8s.io/v1) is not installed',
    ],
  ])('%s in a cluster without its operator: %s', async (values, message) => {
    await expect(render(['--set', values], [])).rejects.toThrow(message);
  });

  it('lets a chart above this one say global and enabled', async () => {
    await expect(render(['--set', 'global.domain=example.com,enabled=true'])).resolves.toBeDefined();
  });
});
