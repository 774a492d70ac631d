import type { CapabilityDocument, ContractDocument } from '@ganglion/contracts/contract-document';
import { compileInput, type InputContract } from '../request/compile-input.js';
import { holdsMedia } from '../request/media-fields.js';

/** One capability as the gateway serves it: what can be prepared once is. */
export interface Operation {
  readonly service: string;
  /** `<service>.<operation>`: in metrics, logs and the OpenAPI document. */
  readonly name: string;
  readonly capability: CapabilityDocument;
  readonly input: InputContract;
  /** Whether an output may hold bytes, which JSON cannot say. */
  readonly outputHasBytes: boolean;
}

/**
 * Prepares the capabilities of a contract that HTTP can reach.
 *
 * @param onRefusal Hears of a capability whose schema cannot be compiled; the others are served.
 */
export function compileOperations(
  { service, capabilities }: ContractDocument,
  onRefusal: (operation: string, error: unknown) => void,
): Operation[] {
  return capabilities.flatMap((capability) => {
    if (capability.http === null || capability.interaction !== 'unary') return [];
    const name = `${service}.${capability.operation}`;
    try {
      const input = compileInput(capability);
      return [{ service, name, capability, input, outputHasBytes: holdsMedia(capability.output) }];
    } catch (error) {
      onRefusal(name, error);
      return [];
    }
  });
}
