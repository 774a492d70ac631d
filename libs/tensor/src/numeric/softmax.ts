/**
 * exp(x) / sum(exp(x)) over all values, as float64; stable for large values, since the largest is taken off first.
 */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const probabilities = Float64Array.from(logits);
  const largest = probabilities.reduce((left, right) => Math.max(left, right), -Infinity);
  let sum = 0;
  for (let index = 0; index < probabilities.length; index += 1) {
    const power = Math.exp((probabilities[index] as number) - largest);
    probabilities[index] = power;
    sum += power;
  }
  return probabilities.map((power) => power / sum);
}
