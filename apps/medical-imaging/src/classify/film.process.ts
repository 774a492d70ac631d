/**
 * The process that reads one film: a decoder that hangs, crashes or grows on bytes made for it takes nothing else along. A
 * thread would not do: when its memory is full, Node ends the whole process.
 */
import { ServiceError, toProblem, type Problem } from '@ganglion/contracts/errors';
import type { ReadFilm } from './film.js';
import { readFilm, type FilmFile } from './read-film.js';

/** What the process is told. */
export interface FilmWork extends FilmFile {
  readonly side: number;
}

/** What it answers: an error loses its class on the way. */
export type FilmReply =
  { readonly film: ReadFilm } | { readonly problem: Problem } | { readonly fault: string };

process.on('message', ({ side, ...file }: FilmWork) => {
  void readFilm(file, side)
    .then(
      (film): FilmReply => ({ film }),
      (error: unknown): FilmReply =>
        error instanceof ServiceError ? { problem: toProblem(error) } : { fault: placeOf(error as Error) },
    )
    .then((reply) => process.send?.(reply));
});

/** Where a fault of ours happened; its message stays here, for it may hold what a file said. */
function placeOf({ name, stack = '' }: Error): string {
  return [name, ...stack.split('\n').filter((line) => /^\s+at /.test(line))].join('\n');
}

// Whoever waits for the film is done, or gone.
process.on('disconnect', () => process.exit());
