import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromProblem, ServiceError } from '@ganglion/contracts/errors';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import type { FilmReply, FilmWork } from './film.process.js';
import type { ReadFilm } from './film.js';

const TIME_LIMIT_MS = 45_000;
/** Of JavaScript's objects; a film's pixels lie outside of them. A header of millions of elements ends here. */
const MAX_HEAP_MEGABYTES = 128;

/**
 * Reads a film in a process of its own, which takes some tenths of a second more.
 *
 * @throws ServiceError as `readFilm`, and `medical-imaging.damaged_film` for one that takes too long or too much memory;
 *   the signal's reason
 */
export async function readFilmInProcess(work: FilmWork, signal: AbortSignal): Promise<ReadFilm> {
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  const child = fork(childFile(), [], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${MAX_HEAP_MEGABYTES}`],
    // It needs no secret of ours, and what decoders print goes nowhere.
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const kill = () => void child.kill('SIGKILL');
  limit.addEventListener('abort', kill, { once: true });
  try {
    return await replyOf(child, work);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    limit.removeEventListener('abort', kill);
    kill();
  }
}

function replyOf(child: ChildProcess, work: FilmWork): Promise<ReadFilm> {
  return new Promise((resolve, reject) => {
    child.on('message', (reply: FilmReply) => {
      if ('film' in reply) resolve(reply.film);
      else reject('problem' in reply ? fromProblem(reply.problem) : new Error(reply.fault));
    });
    child.on('error', reject);
    // One that ended without a reply ran out of time or memory, or failed in a way that it does not know itself.
    child.on('exit', () => {
      const detail =
        'The film takes too much time or memory to decode: it is broken, or made to be. Export it again.';
      reject(new ServiceError(filmErrors.damaged_film, detail));
    });
    // When it ends before all is sent, its exit says so.
    child.send(work, () => undefined);
  });
}

/** The process's file. When this module runs from source, as in tests, it is that of the last build. */
function childFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(
    isSource ? '../../dist/classify/film.process.js' : './film.process.js',
    import.meta.url,
  );
  if (isSource && !existsSync(file)) {
    throw new Error(`${fileURLToPath(file)} is missing: run "npm run build" first.`);
  }
  return file;
}
