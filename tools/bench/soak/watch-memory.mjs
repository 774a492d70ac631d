import { processTree, residentMibOf } from '../process-tree.mjs';

const EVERY_MS = 5_000;

/**
 * Looks again and again at the memory of processes and all that they started.
 *
 * @template {string} Name
 * @param {() => Record<Name, number | undefined>} pids
 */
export function watchMemory(pids) {
  const startedAt = performance.now();
  /** @type {Record<string, { minute: number, value: number }[]>} */
  const held = {};
  const look = async () => {
    const minute = (performance.now() - startedAt) / 60_000;
    for (const [name, pid] of Object.entries(pids())) {
      if (pid === undefined) continue;
      const value = await residentMibOf(await processTree(/** @type {number} */ (pid)));
      (held[name] ??= []).push({ minute, value });
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    /** @returns samples in MiB, by process */
    stop: () => {
      clearInterval(timer);
      return held;
    },
  };
}
