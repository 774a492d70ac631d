/**
 * When a UUIDv7 was made, in ms since 1970; `undefined` for any other UUID.
 *
 * @source RFC 9562, section 5.7
 */
export function uuidv7TimeMs(id: string): number | undefined {
  const digits = id.replaceAll('-', '');
  return digits[12] === '7' ? Number.parseInt(digits.slice(0, 12), 16) : undefined;
}
