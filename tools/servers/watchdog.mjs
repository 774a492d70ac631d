/**
 * Runs one server program and ends it when the process that asked for it is gone, however it went: nats-server and
 * PostgreSQL do not know their parents. It speaks over the IPC channel alone, so no secret stands on a command line.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';

/** After the stop signal a server has this long to end by itself. */
const GRACE_MS = 10_000;
/** Services learn of their parent's end when we do, and still need the servers to end in good order. */
const DRAIN_MS = 3_000;

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
/** @type {NodeJS.Signals} */
let stopSignal = 'SIGTERM';
/** @type {string[]} */
let orphans = [];

function start(/** @type {import('./guarded-process.mjs').ServerProgram} */ program) {
  stopSignal = program.stopSignal;
  orphans = program.deleteIfOrphaned ?? [];
  const log = openSync(program.logFile, 'a', 0o600);
  const { command, args, cwd, env, uid, gid } = program;
  server = spawn(command, args, { cwd, env, uid, gid, stdio: ['ignore', log, log] });
  closeSync(log);
  server.once('spawn', () => process.send?.({ pid: server?.pid }));
  server.once('error', (error) => leave({ error: error.message }));
  server.once('exit', (code, signal) => leave({ exit: signal ?? `code ${code}` }));
}

function stop() {
  if (!server) process.exit(0);
  server.kill(stopSignal);
  setTimeout(() => server?.kill('SIGKILL'), GRACE_MS);
}

function leave(/** @type {object} */ lastWords) {
  if (process.connected) process.send?.(lastWords, undefined, {}, () => process.exit(0));
  else endOrphaned();
}

function endOrphaned() {
  for (const path of orphans) rmSync(path, { recursive: true, force: true });
  process.exit(0);
}

process.on('message', (/** @type {{ start?: never, stop?: true }} */ message) => {
  if (message.start) start(message.start);
  if (message.stop) stop();
});
process.on('disconnect', () => (server ? setTimeout(stop, DRAIN_MS) : endOrphaned()));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
