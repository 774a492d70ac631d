import type { AuditEntry } from '@ganglion/contracts/audit';
import type { Caller } from '../auth/caller.js';
import type { Operation } from '../routes/operation.js';

/** Of a value that names what an act was done on, the most that is kept. */
const MAX_VALUE_CHARS = 2_000;

/** Who does what, on what, from where. */
export type Act = Pick<
  AuditEntry,
  'actor' | 'credential' | 'roles' | 'address' | 'action' | 'object' | 'requestId'
>;

/** Where an act comes from. */
export interface ActOrigin {
  readonly id: string;
  readonly ip: string;
}

/** @param input Of it, the fields are kept that the contract names, and no other. */
export function describeAct(
  { name, capability }: Operation,
  caller: Caller,
  { id, ip }: ActOrigin,
  input: unknown,
): Act {
  return {
    actor: caller.keyId,
    credential: caller.credential,
    roles: [...caller.roles],
    address: ip,
    action: name,
    object: pick(input, capability.audit?.object ?? []),
    requestId: id,
  };
}

function pick(input: unknown, fields: readonly string[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {};
  const present = fields.filter((field) => Object.hasOwn(input, field));
  return Object.fromEntries(
    present.map((field) => [field, shorten((input as Record<string, unknown>)[field])]),
  );
}

function shorten(value: unknown): unknown {
  const json = JSON.stringify(value) ?? 'null';
  return json.length <= MAX_VALUE_CHARS ? value : `${json.slice(0, MAX_VALUE_CHARS)}…`;
}
