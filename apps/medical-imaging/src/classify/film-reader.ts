import type { Media } from '@ganglion/contracts/media';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { MediaReader } from '@ganglion/service-kit/media-reader';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type FilmSettings } from '../config.js';
import type { ReadFilm } from './film.js';
import { readFilmInProcess } from './read-film-in-process.js';

/** Reads the films of requests, a few at a time: each may take half a gigabyte while it is decoded. */
@Injectable()
export class FilmReader {
  private readonly turns: Promise<unknown>[];
  private next = 0;

  constructor(
    private readonly media: MediaReader,
    @Inject(SETTINGS) { maxReaders }: FilmSettings,
  ) {
    this.turns = Array.from({ length: maxReaders }, () => Promise.resolve());
  }

  /**
   * The film as `side` x `side` pixels of grey.
   *
   * @throws ServiceError `unsupported_media_type`, and the errors of the contract but `blank_film`
   */
  read(media: Media, side: number, context: CallContext): Promise<ReadFilm> {
    const { type } = media;
    // Its bytes are read when its turn comes: those that wait hold no memory.
    return this.inTurn(async () => {
      context.signal.throwIfAborted();
      const bytes = await this.media.read(media, context);
      return readFilmInProcess({ bytes, type, side }, context.signal);
    });
  }

  /** Each film waits for one of the places, by turns. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const place = this.next++ % this.turns.length;
    const result = (this.turns[place] as Promise<unknown>).then(work);
    this.turns[place] = result.catch(() => undefined);
    return result;
  }
}
