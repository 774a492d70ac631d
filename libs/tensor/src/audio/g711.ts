/**
 * One byte of mu-law as -1..1.
 *
 * @source ITU-T G.711, table 2
 */
export function decodeMuLaw(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 15) << 3) + 132) << exponent) - 132;
  return (inverted & 0x80 ? -magnitude : magnitude) / 2 ** 15;
}

/**
 * One byte of A-law as -1..1.
 *
 * @source ITU-T G.711, table 1
 */
export function decodeALaw(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled >> 4) & 7;
  const mantissa = ((toggled & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return (toggled & 0x80 ? magnitude : -magnitude) / 2 ** 15;
}
