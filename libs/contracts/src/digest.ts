import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ContractDocument } from './contract-document.js';

/** sha256 (lower-case hex) of a contract's RFC 8785 JSON: equal contracts have equal digests, whoever wrote them. */
export function contractDigest(document: ContractDocument): string {
  const canonical = canonicalize(document);
  if (canonical === undefined) throw new TypeError('A contract must be JSON.');
  return createHash('sha256').update(canonical).digest('hex');
}
