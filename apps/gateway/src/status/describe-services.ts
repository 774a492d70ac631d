import type { CapabilityDocument } from '@ganglion/contracts/contract-document';
import type { OperationState, ServiceState } from '@ganglion/contracts/service-state';
import type { ServiceRegistry } from '../discovery/service-registry.js';

/** Every service that is known or expected, and whether all that are expected are ready. */
export function describeServices(
  registry: ServiceRegistry,
  expected: readonly string[],
): { readonly ready: boolean; readonly services: readonly ServiceState[] } {
  const names = new Set([...expected, ...registry.servedContracts().keys()]);
  const services = [...names].sort().map((name) => describeService(registry, name));
  const missing = services.filter(({ service, state }) => state === 'missing' && expected.includes(service));
  return { ready: missing.length === 0, services };
}

/** Ready: its contract is known, and an instance answers. */
function describeService(registry: ServiceRegistry, service: string): ServiceState {
  const document = registry.servedContracts().get(service)?.document;
  const instances = registry.instancesOf(service).length;
  return {
    service,
    version: document?.version ?? null,
    summary: document?.summary ?? null,
    state: document !== undefined && instances > 0 ? 'ready' : 'missing',
    instances,
    capabilities: (document?.capabilities ?? []).flatMap(describeCapability),
  };
}

function describeCapability({ operation, http, summary }: CapabilityDocument): OperationState[] {
  return http === null ? [] : [{ operation, method: http.method, path: http.path, summary }];
}
