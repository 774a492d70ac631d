import { rmdir } from 'node:fs/promises';
import { SetupError } from '../servers/setup-error.mjs';
import { findApps, chooseApps } from './apps.mjs';
import { HELP, parseArguments } from './arguments.mjs';
import { makeStateFolder, resetState, stateFolder } from './state.mjs';
import { lockState } from './state-lock.mjs';
import { serve } from './serve.mjs';
import { Terminal } from './terminal.mjs';

/** A terminal's Ctrl-C comes twice under npm, which passes it on. */
const SAME_CTRL_C_MS = 1_000;
const LOOK_FOR_NPM_EVERY_MS = 500;

/** Runs `npm start` with these options, and sets the exit code. */
export async function runCommand(/** @type {string[]} */ args) {
  const terminal = new Terminal();
  try {
    const wishes = parseArguments(args);
    if (wishes.help) return terminal.say(HELP);
    process.exitCode = await runLocked(wishes, terminal);
  } catch (error) {
    terminal.say(error instanceof SetupError ? error.message : describe(error));
    process.exitCode = 1;
  }
  // Whatever is left (a socket kept alive, a watcher) must not keep the user waiting.
  process.exit();
}

/**
 * @param {import('./arguments.mjs').Arguments} wishes
 * @param {Terminal} terminal
 * @returns {Promise<number>} the exit code
 */
async function runLocked(wishes, terminal) {
  const apps = chooseApps(findApps(), wishes);
  const folder = stateFolder();
  await makeStateFolder(folder);
  const unlock = await lockState(folder);
  try {
    if (wishes.reset) {
      await resetState(folder);
      terminal.say(`Deleted the databases, keys and logs of ${folder}.`);
      if (wishes.resetOnly) return 0;
      await makeStateFolder(folder);
    }
    return await serve({ apps, wishes, folder, terminal, signal: abortOnSignals(terminal) });
  } finally {
    await unlock();
    // Gone when a reset left nothing in it.
    await rmdir(folder).catch(() => undefined);
  }
}

/**
 * The first signal asks for an end in good order; one more, a moment later, for an end at once. That npm is gone is a
 * signal too: nobody could end us by its process id any more.
 */
function abortOnSignals(/** @type {Terminal} */ terminal) {
  const stopping = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (firstAt && Date.now() - firstAt > SAME_CTRL_C_MS) process.exit(130);
    if (firstAt) return;
    firstAt = Date.now();
    terminal.say('Stopping ...');
    stopping.abort();
  };
  const parent = process.ppid;
  const lookForNpm = () => process.ppid !== parent && !firstAt && onSignal();
  if (process.env.npm_lifecycle_event === 'start') setInterval(lookForNpm, LOOK_FOR_NPM_EVERY_MS);
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, onSignal);
  return stopping.signal;
}

function describe(/** @type {unknown} */ error) {
  return error instanceof Error ? `Ganglion could not start: ${error.message}` : String(error);
}
