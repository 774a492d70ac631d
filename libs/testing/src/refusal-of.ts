import { ServiceError } from '@ganglion/contracts/errors';

/** The error that a call is refused with. @throws Error when it is answered, or ends in any other error. */
export async function refusalOf(answer: Promise<unknown>): Promise<ServiceError> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceError)) throw new Error(`expected a ServiceError, got ${String(error)}`);
  return error;
}
