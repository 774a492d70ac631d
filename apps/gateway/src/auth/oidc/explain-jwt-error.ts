import { ServiceError } from '@ganglion/contracts/errors';
import { errors } from 'jose';
import { LoginRefused } from '../login-refused.js';

/** What a client is told of a JWT that is refused. An error that is no fault of the token is passed on as it is. */
export function explainJwtError(error: unknown, audience: string): unknown {
  if (error instanceof ServiceError || !(error instanceof errors.JOSEError)) return error;
  if (error instanceof errors.JWTExpired) {
    return new LoginRefused('token_expired', `The token expired at ${timeOf(error.payload.exp)}.`);
  }
  return new LoginRefused('invalid_token', describe(error, audience));
}

function describe(error: errors.JOSEError, audience: string): string {
  if (error instanceof errors.JWTClaimValidationFailed) return describeClaim(error, audience);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'The token is signed in a way that is not taken here.';
  if (error instanceof errors.JWKSNoMatchingKey) return 'The provider has no key as the token names it.';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'The token must name its key (kid).';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The signature of the token does not fit.';
  return 'The token is no JWT that can be read.';
}

function describeClaim(
  { claim, reason, payload }: errors.JWTClaimValidationFailed,
  audience: string,
): string {
  if (reason === 'missing') return `The token lacks the claim "${claim}".`;
  switch (claim) {
    case 'nbf':
      return `The token is not valid before ${timeOf(payload.nbf)}: is a clock off?`;
    case 'aud':
      return `The token is for another audience; this API is "${audience}".`;
    case 'iss':
      return 'The token comes from another issuer than the one that is taken here.';
    default:
      return `The claim "${claim}" of the token cannot be read.`;
  }
}

function timeOf(seconds: number | undefined): string {
  const date = new Date((seconds ?? Number.NaN) * 1_000);
  return Number.isNaN(date.getTime()) ? 'no time that can be read' : date.toISOString();
}
