import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fromProblem, ServiceError } from '@ganglion/contracts/errors';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import type { ReadFilm } from './film.js';
import type { FilmReply, FilmWork } from './film.worker.js';

const TIME_LIMIT_MS = 30_000;
/** Of JavaScript's objects; a film's pixels lie outside of them. A header of millions of elements ends here. */
const MAX_HEAP_MEGABYTES = 256;

/**
 * Reads a film in a thread of its own.
 *
 * @throws ServiceError as `readFilm`, and `medical-imaging.damaged_film` for one that takes too long or too much memory;
 *   the signal's reason
 */
export async function readFilmInThread(work: FilmWork, signal: AbortSignal): Promise<ReadFilm> {
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MEGABYTES };
  const worker = new Worker(workerFile(), {
    workerData: work,
    name: 'film',
    resourceLimits,
    stdout: true,
    stderr: true,
  });
  // Decoders write what they think of a file to the console: that goes nowhere.
  worker.stdout.resume();
  worker.stderr.resume();
  const end = () => void worker.terminate();
  limit.addEventListener('abort', end, { once: true });
  try {
    return await replyOf(worker);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    limit.removeEventListener('abort', end);
  }
}

function replyOf(worker: Worker): Promise<ReadFilm> {
  return new Promise((resolve, reject) => {
    worker.on('message', (reply: FilmReply) => {
      if ('film' in reply) resolve(reply.film);
      else reject(fromProblem(reply.problem));
    });
    worker.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? undecodable(error) : error),
    );
    // A thread that ended without a reply ran out of time, or failed in a way that it does not know itself.
    worker.on('exit', () => reject(undecodable()));
  });
}

function undecodable(cause?: unknown): ServiceError {
  return new ServiceError(
    filmErrors.damaged_film,
    'The film takes too much time or memory to decode: it is broken, or made to be. Export it again.',
    { cause },
  );
}

/** The worker's file. When this module runs from source, as in tests, it is that of the last build. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? '../../dist/classify/film.worker.js' : './film.worker.js', import.meta.url);
  if (isSource && !existsSync(file)) {
    throw new Error(`${fileURLToPath(file)} is missing: run "npm run build" first.`);
  }
  return file;
}
