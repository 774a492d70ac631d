/** Blocks along a side: gross anatomy only. */
const BLOCKS = 7;

/**
 * How alike a film is to others in gross anatomy, whatever its exposure: the correlation of both in 7 x 7 blocks, -1 to 1.
 *
 * @param pixels `[side, side]`; `side` a multiple of 7
 * @param meanFilm `[7, 7]`, as {@link toBlocks} gives it
 */
export function resemblance(pixels: Uint8Array, meanFilm: readonly number[]): number {
  const own = standardise(toBlocks(pixels));
  return standardise(meanFilm).reduce((sum, value, block) => sum + value * (own[block] ?? 0), 0) / own.length;
}

/** The means of 7 x 7 blocks of a film, standardised: `[7, 7]`. */
export function toBlocks(pixels: Uint8Array): number[] {
  const side = Math.sqrt(pixels.length);
  const blocks = new Array<number>(BLOCKS * BLOCKS).fill(0);
  pixels.forEach((value, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    const block = Math.floor((y * BLOCKS) / side) * BLOCKS + Math.floor((x * BLOCKS) / side);
    blocks[block] = (blocks[block] ?? 0) + value;
  });
  return standardise(blocks);
}

/** To mean 0 and variance 1; all 0 where all are equal. */
function standardise(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}
