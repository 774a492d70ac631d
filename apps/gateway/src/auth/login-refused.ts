import { ServiceError, type CoreErrorCode } from '@ganglion/contracts/errors';

/** Whose credentials were refused, as far as that is known. */
export interface Known {
  readonly tenant: string | null;
  readonly keyId: string | null;
}

const NOBODY: Known = { tenant: null, keyId: null };

/** Credentials that open nothing. */
export class LoginRefused extends ServiceError {
  constructor(
    code: CoreErrorCode,
    detail: string,
    readonly known: Known = NOBODY,
  ) {
    super(code, detail);
  }
}
