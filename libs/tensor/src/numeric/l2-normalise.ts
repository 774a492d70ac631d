/**
 * The vector scaled to a Euclidean length of 1. A vector of zeros stays as it is: it has no direction.
 *
 * @param epsilon Lengths below it count as it, as in `torch.nn.functional.normalize`.
 */
export function l2Normalise(vector: Float32Array, epsilon = 1e-12): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.max(Math.sqrt(squares), epsilon);
  return vector.map((value) => value / length);
}
