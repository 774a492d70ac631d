import { ServiceError } from '@ganglion/contracts/errors';
import { TENANT_NAME } from '@ganglion/contracts/wire';

/** @throws ServiceError `invalid_input` when `tenant` cannot be a part of a path, a subject and a setting. */
export function assertTenant(tenant: string): void {
  if (!TENANT_NAME.test(tenant)) {
    throw new ServiceError(
      'invalid_input',
      'A tenant is named by 1 to 63 lower-case letters, digits, - and _.',
    );
  }
}
