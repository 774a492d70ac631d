import { createHash, randomBytes } from 'node:crypto';

const FORMAT = /^gk_live_[A-Za-z0-9_-]{43}$/;
/** Long enough to tell keys apart, short enough to say nothing of the rest. */
const PREFIX_LENGTH = 'gk_live_'.length + 4;

/** A new API key: `gk_live_` and 32 random bytes as base64url. */
export function newSecret(): string {
  return `gk_live_${randomBytes(32).toString('base64url')}`;
}

export function isSecret(text: string): boolean {
  return FORMAT.test(text);
}

/** All that is stored of a key: its lower-case hex sha256, which 256 random bits make as good as the key, and a prefix. */
export function traceOf(secret: string): { readonly sha256: string; readonly prefix: string } {
  return {
    sha256: createHash('sha256').update(secret).digest('hex'),
    prefix: secret.slice(0, PREFIX_LENGTH),
  };
}
