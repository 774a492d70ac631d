import type { AuditEntry } from '@ganglion/contracts/audit';
import type { OutputOf } from '@ganglion/contracts/capability';
import { jsonDigest } from '@ganglion/contracts/digest';
import type { listAudit } from '@ganglion/contracts/services/control-plane/audit';

/** An entry in its place, as `GET /v1/audit` shows it. */
export type LinkedEntry = OutputOf<typeof listAudit>['data'][number];

/** The place that an entry follows. */
export type Link = Pick<LinkedEntry, 'sequence' | 'hash'>;

/** Puts entries behind one another: each holds the hash of the one before, and is part of its own. */
export function linkEntries(last: Link | undefined, entries: readonly AuditEntry[]): LinkedEntry[] {
  let previous = last;
  return entries.map((entry) => {
    const placed = {
      ...entry,
      // As the database will tell it.
      at: new Date(entry.at).toISOString(),
      sequence: (previous?.sequence ?? 0) + 1,
      previousHash: previous?.hash ?? null,
    };
    const linked = { ...placed, hash: jsonDigest(placed) };
    previous = linked;
    return linked;
  });
}

/**
 * Checks entries that follow one another, oldest first.
 *
 * @returns Sequence of the first that was changed, or before which one is missing; undefined when all is well.
 */
export function findBreak(entries: readonly LinkedEntry[]): number | undefined {
  const broken = entries.find(({ hash, ...placed }, index) => {
    const before = entries[index - 1];
    const follows =
      before === undefined ||
      (placed.previousHash === before.hash && placed.sequence === before.sequence + 1);
    return !follows || jsonDigest(placed) !== hash;
  });
  return broken?.sequence;
}
