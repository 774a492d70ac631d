/** What a {@link TensorError} complains about. */
export type TensorErrorCode =
  'invalid_shape' | 'data_mismatch' | 'shape_mismatch' | 'dtype_mismatch' | 'out_of_range' | 'malformed';

/** The one error of this library; it is plain, because the library imports nothing. */
export class TensorError extends Error {
  override readonly name = 'TensorError';

  constructor(
    readonly code: TensorErrorCode,
    message: string,
  ) {
    super(message);
  }
}
