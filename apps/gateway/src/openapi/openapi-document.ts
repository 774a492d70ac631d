import type { ContractDocument } from '@ganglion/contracts/contract-document';
import type { Operation } from '../routes/operation.js';
import { describeBody, describeParameters, takesBody } from './describe-request.js';
import { describeResponses } from './describe-responses.js';
import { relocateSchema } from './relocate-schema.js';
import { DESCRIPTION, SECURITY_SCHEMES, SHARED_PARAMETERS, SHARED_SCHEMAS } from './shared-components.js';

type Description = Record<string, unknown>;

/** The OpenAPI 3.1 document of all operations that are served. */
export function toOpenApiDocument(
  operations: readonly Operation[],
  services: readonly ContractDocument[],
): Description {
  const served = new Set(operations.map(({ service }) => service));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ganglion',
      version: 'v1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ apiKey: [] }],
    tags: services
      .filter(({ service }) => served.has(service))
      .map(({ service, summary }) => ({ name: service, description: summary })),
    paths: describePaths(operations),
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: SHARED_PARAMETERS,
      schemas: { ...SHARED_SCHEMAS, ...Object.assign({}, ...operations.map(describeSchemas)) },
    },
  };
}

function describePaths(operations: readonly Operation[]): Record<string, Description> {
  const paths: Record<string, Description> = {};
  for (const operation of operations) {
    const { http } = operation.capability;
    if (http === null) continue;
    paths[http.path] = { ...paths[http.path], [http.method.toLowerCase()]: describeOperation(operation) };
  }
  return paths;
}

function describeOperation(operation: Operation): Description {
  const { service, name, capability } = operation;
  const { summary, description, scope, deadlineMs } = capability;
  const limits = `Scope \`${scope}\`; answered within ${deadlineMs / 1_000} s.`;
  const parameters = describeParameters(operation);
  return {
    operationId: name,
    tags: [service],
    summary,
    description: description === '' ? limits : `${description}\n\n${limits}`,
    ...(parameters.length > 0 && { parameters }),
    ...(takesBody(capability) && { requestBody: describeBody(operation, reference(name, 'Input')) }),
    responses: describeResponses(operation, reference(name, 'Output')),
  };
}

function describeSchemas({ name, capability }: Operation): Description {
  return {
    [`${name}.Input`]: relocateSchema(capability.input, reference(name, 'Input')),
    [`${name}.Output`]: relocateSchema(capability.output, reference(name, 'Output')),
  };
}

function reference(name: string, part: 'Input' | 'Output'): string {
  return `#/components/schemas/${name}.${part}`;
}
