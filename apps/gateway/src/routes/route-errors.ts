import { ServiceError } from '@ganglion/contracts/errors';

/** Of a path, what is repeated to the client. */
const MAX_PATH = 200;

export function unknownOperation(method: string, path: string, nearest: readonly string[]): ServiceError {
  const hint = nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : '/docs lists what there is.';
  return new ServiceError(
    'unknown_operation',
    `Nothing answers ${method} ${path.slice(0, MAX_PATH)}. ${hint}`,
  );
}

export function methodNotAllowed(method: string, allow: readonly string[]): ServiceError {
  return new ServiceError('method_not_allowed', `This path takes ${allow.join(', ')}, not ${method}.`);
}
