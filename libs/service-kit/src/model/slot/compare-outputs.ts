/** How alike two outputs are. */
export interface Comparison {
  /** Whether all but the numbers is the same: labels, texts, flags, how many of each there are. */
  readonly agrees: boolean;
  /** The greatest relative difference of two numbers in the same place, 0..2; 0 where there are none. */
  readonly difference: number;
}

const SAME: Comparison = { agrees: true, difference: 0 };
const ANOTHER: Comparison = { agrees: false, difference: 0 };

/** Compares what two versions made of the same input, whatever the capability. */
export function compareOutputs(a: unknown, b: unknown): Comparison {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? SAME : ANOTHER;
  const [ofA, ofB] = [entriesOf(a), entriesOf(b)];
  let difference = 0;
  let agrees = ofA.size === ofB.size;
  for (const [name, value] of ofA) {
    if (!ofB.has(name)) agrees = false;
    else {
      const compared = compareOutputs(value, ofB.get(name));
      agrees &&= compared.agrees;
      difference = Math.max(difference, compared.difference);
    }
  }
  return { agrees, difference };
}

function compareNumbers(a: number, b: number): Comparison {
  if (Object.is(a, b) || a === b) return SAME;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return ANOTHER;
  return { agrees: true, difference: Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)) };
}

/** An absent field and one that is undefined are the same. */
function entriesOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, field]) => field !== undefined));
}
