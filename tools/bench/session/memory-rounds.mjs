/**
 * Loads and unloads the sentiment model again and again, and says how much memory this process holds after each round:
 * JSON, in MiB. A program of its own, so that nothing but the rounds is measured.
 *
 * Usage: node --expose-gc tools/bench/session/memory-rounds.mjs <inline|thread|process> <rounds>
 */
import { openMiniLm, runOnce } from './minilm.mjs';

const MIB = 2 ** 20;
const [placement = 'process', rounds = '10'] = process.argv.slice(2);

const held = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const model = await openMiniLm(placement);
  await runOnce(model);
  await model.runner.close();
  globalThis.gc?.();
  held.push(process.memoryUsage.rss() / MIB);
}
process.stdout.write(JSON.stringify(held));
