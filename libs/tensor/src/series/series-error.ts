/**
 * What a {@link SeriesError} complains about. `invalid_time`: a time that is not one. `invalid_value`: an infinite
 * value. `no_values`: not one value is known. `duplicate_times`: two values of one step. `too_many_values`: more steps
 * between the first and the last time than the limit.
 */
export type SeriesErrorCode =
  'invalid_time' | 'invalid_value' | 'no_values' | 'duplicate_times' | 'too_many_values';

/** Why a series could not be used; the message may be shown to who sent it. */
export class SeriesError extends Error {
  override readonly name = 'SeriesError';

  constructor(
    readonly code: SeriesErrorCode,
    message: string,
  ) {
    super(message);
  }
}
