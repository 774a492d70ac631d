/** @typedef {{ errors: number, words: number }} WordErrors */

/**
 * The words that a recogniser changed, left out or added, and how many were said: the fewest edits from one to the
 * other. Case and punctuation do not count.
 *
 * @source Levenshtein distance over words, as in NIST sclite
 * @param {string} said
 * @param {string} heard
 * @returns {WordErrors}
 */
export function countWordErrors(said, heard) {
  const reference = toWords(said);
  const hypothesis = toWords(heard);
  let previous = hypothesis.map((_, index) => index + 1);
  previous.unshift(0);
  for (const [row, word] of reference.entries()) {
    const current = [row + 1];
    for (const [column, other] of hypothesis.entries()) {
      const substituted = Number(previous[column]) + Number(word !== other);
      current.push(Math.min(substituted, Number(previous[column + 1]) + 1, Number(current[column]) + 1));
    }
    previous = current;
  }
  return { errors: Number(previous.at(-1)), words: reference.length };
}

/** @param {string} text */
export function toWords(text) {
  return text.toLowerCase().match(/[a-z0-9']+/g) ?? [];
}
