/**
 * A program that owns a session, for tests of what becomes of both when one of them ends: opens the session, prints a
 * line when it is there, starts a run that it was given, and does as it is told.
 *
 * Usage: node session-owner.fixture.mjs '{ "model", "placement", "trips"?, "exit"?: { "code", "afterMs" } }'
 */
import { openSession } from '../dist/sessions/open-session.js';

const { model, placement, trips, exit } = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(`${line}\n`);
const settings = { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 };
const session = await openSession(model, { placement, settings });
say('loaded');
if (trips !== undefined) {
  const count = { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(trips)) };
  session.run({ trips: count }).then(
    () => say('ran'),
    (error) => say(error.message),
  );
}
if (exit !== undefined) setTimeout(() => process.exit(exit.code), exit.afterMs);
