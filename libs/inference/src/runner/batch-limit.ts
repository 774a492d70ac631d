/** Steps by which the limit grows, as a share of the largest batch, and what is left of it after a batch too long. */
const GROWTH = 1 / 16;
const BACK_OFF = 0.9;

/**
 * How many rows a batch may have so that it is computed within a target: grows while batches at the limit are quick
 * enough, and shrinks when one is not. One row is always allowed: a target shapes batches, it refuses nothing.
 *
 * @source Crankshaw et al., "Clipper: A Low-Latency Online Prediction Serving System", NSDI 2017, section 4.3.1
 *   (additive increase, multiplicative decrease).
 */
export class BatchLimit {
  private limit: number;

  /**
   * @param maxRows The most rows, whatever the target.
   * @param targetMs Null for none.
   */
  constructor(
    private readonly maxRows: number,
    private readonly targetMs: number | null,
  ) {
    this.limit = maxRows;
  }

  get rows(): number {
    return Math.max(1, Math.floor(this.limit));
  }

  observe(rows: number, computeMs: number): void {
    if (this.targetMs === null) return;
    if (computeMs > this.targetMs) this.limit = Math.max(1, Math.min(this.limit, rows) * BACK_OFF);
    else if (rows >= this.rows) this.limit = Math.min(this.maxRows, this.limit + this.maxRows * GROWTH);
  }
}
