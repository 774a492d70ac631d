/** So many different inputs there are, so that an answer that got mixed up is seen. */
export const VARIANTS = 40;

/** A card's transaction for `fraud-detection/score`; its amount makes the answer another one. */
export function transactionOf(/** @type {number} */ index) {
  return {
    transaction: { amount: 10 + (index % VARIANTS) * 25, at: '2026-05-23T21:12:00+02:00' },
    customer: { history: [{ at: '2026-05-22T09:00:00+02:00', amount: 40 }] },
    terminal: { history: [{ at: '2026-05-20T09:00:00+02:00', fraud: false }] },
  };
}
