/** The thread that reads one film: a decoder that hangs or grows on bytes made for it takes nothing else along. */
import { parentPort, workerData } from 'node:worker_threads';
import { ServiceError, toProblem, type Problem } from '@ganglion/contracts/errors';
import type { ReadFilm } from './film.js';
import { readFilm, type FilmFile } from './read-film.js';

/** What the thread is started with. */
export interface FilmWork extends FilmFile {
  readonly side: number;
}

/** What the thread sends: an error loses its class on the way. */
export type FilmReply = { readonly film: ReadFilm } | { readonly problem: Problem };

if (parentPort !== null) {
  const { side, ...file } = workerData as FilmWork;
  const reply = await readFilm(file, side).then(
    (film): FilmReply => ({ film }),
    (error: unknown): FilmReply => {
      if (!(error instanceof ServiceError)) throw error;
      return { problem: toProblem(error) };
    },
  );
  parentPort.postMessage(reply);
}
