import { parseArgs } from 'node:util';

const startedAt = performance.now();

/** Tells whoever waits what is going on, with the seconds since the start. */
export function say(/** @type {string} */ line) {
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`);
}

/**
 * The command line of a training: `--seed`, and flags of its own.
 *
 * @template {string} Flag
 * @param {(seed: number, flags: Record<Flag, boolean>) => Promise<void>} train
 * @param {readonly Flag[]} [flags]
 */
export async function trainCommand(train, flags = []) {
  try {
    const ofFlags = Object.fromEntries(
      flags.map((flag) => [flag, { type: /** @type {const} */ ('boolean'), default: false }]),
    );
    const options = { seed: { type: /** @type {const} */ ('string'), default: '7' }, ...ofFlags };
    const { values } = /** @type {{ values: any }} */ (parseArgs({ options }));
    const seed = Number(values.seed);
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new Error(`--seed must be a whole number, not "${values.seed}".`);
    await train(seed, values);
    say('Done.');
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
