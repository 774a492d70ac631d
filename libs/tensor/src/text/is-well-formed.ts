/** Whether a text is valid Unicode: it holds no half of a surrogate pair without its other half. */
export function isWellFormed(text: string): boolean {
  // In a /u pattern a whole pair is one character, and that is no surrogate.
  return !/\p{Surrogate}/u.test(text);
}
