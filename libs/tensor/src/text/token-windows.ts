/** The pieces that a model wants around every sequence, and how many it reads at once, these included. */
export interface WindowFrame {
  /** Id of the piece in front, such as `[CLS]`. */
  readonly first: number;
  /** Id of the piece behind, such as `[SEP]`. */
  readonly last: number;
  readonly length: number;
}

/**
 * Cuts the ids of a text's pieces into windows that a model can read, of like length, so that the last is not a scrap.
 *
 * @param ids Without the pieces in front and behind.
 * @returns At least one window; each framed by `first` and `last`, and at most `length` long.
 * @throws RangeError when the frame leaves no room.
 */
export function toWindows(ids: readonly number[], { first, last, length }: WindowFrame): number[][] {
  const room = length - 2;
  if (room < 1) throw new RangeError(`A window of ${length} has no room beside its frame.`);
  const count = Math.max(Math.ceil(ids.length / room), 1);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * ids.length) / count);
    const to = Math.floor(((index + 1) * ids.length) / count);
    return [first, ...ids.slice(from, to), last];
  });
}
