import { expect, it } from '@jest/globals';
import { cacheFolder } from '../servers/cache-folder.mjs';
import { runTrial } from './trial.mjs';

// The small form of `npm run reliability`; built apps, and no model but those that are committed.
it('loses and doubles no job, nor the webhook of its end, while every part of the installation is killed', async () => {
  /** @type {string[]} */
  const said = [];
  const say = (/** @type {string} */ line) => said.push(line);
  const outcome = await runTrial({ jobs: 150, clients: 8, kills: 1, cacheFolder: cacheFolder(), say });
  const seen = { outcome, said };
  expect(seen).toMatchObject({
    outcome: {
      accepted: 150,
      lost: 0,
      doubled: 0,
      webhooksLost: 0,
      webhooksDoubled: 0,
      kills: 5,
      storesDeleted: 1,
    },
  });
}, 280_000);
