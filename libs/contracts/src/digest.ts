import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ContractDocument } from './contract-document.js';
import type { ModelManifest } from './model-manifest.js';

/** sha256 (lower-case hex) of a contract: equal contracts have equal digests, whoever wrote them. */
export function contractDigest(document: ContractDocument): string {
  return jsonDigest(document);
}

/** sha256 (lower-case hex) of a manifest's RFC 8785 JSON, defaults filled in. */
export function manifestDigest(manifest: ModelManifest): string {
  return jsonDigest(manifest);
}

/**
 * sha256 (lower-case hex) of a value's RFC 8785 JSON.
 *
 * @throws TypeError when the value is no JSON.
 */
export function jsonDigest(value: unknown): string {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError('Only JSON has a digest.');
  return createHash('sha256').update(canonical).digest('hex');
}
