/** One pass of the transform: `span` groups of `radix` numbers, `stride` apart, become one another's sums. */
interface Stage {
  readonly radix: number;
  readonly span: number;
  readonly stride: number;
  /** Factors by group and output, real and imaginary parts in turn: `[span, radix, 2]`. */
  readonly twiddles: Float64Array;
  /** Roots of unity of the radix, real and imaginary parts in turn: `[radix, 2]`. */
  readonly roots: Float64Array;
}

/**
 * The discrete Fourier transform of `length` complex numbers, in float64: fast where the length has small factors.
 *
 * @source Stockham's autosort algorithm for mixed radices (Van Loan, Computational Frameworks for the FFT, 1992)
 */
export class ComplexFft {
  private readonly stages: readonly Stage[];
  private readonly scratch: Float64Array;

  constructor(readonly length: number) {
    this.scratch = new Float64Array(2 * length);
    let span = length;
    let stride = 1;
    this.stages = radices(length).map((radix) => {
      span /= radix;
      const stage = { radix, span, stride, twiddles: twiddles(radix, span), roots: unityRoots(radix) };
      stride *= radix;
      return stage;
    });
  }

  /** Transforms in place; real and imaginary parts in turn. */
  transform(values: Float64Array): void {
    let from = values;
    let to = this.scratch;
    for (const stage of this.stages) {
      if (stage.radix === 4) passOfFour(stage, from, to);
      else if (stage.radix === 2) passOfTwo(stage, from, to);
      else passOfOdd(stage, from, to);
      [from, to] = [to, from];
    }
    if (from !== values) values.set(from);
  }
}

function radices(length: number): number[] {
  const found: number[] = [];
  for (let rest = length, radix = 4; rest > 1;) {
    if (rest % radix === 0) {
      found.push(radix);
      rest /= radix;
    } else radix = radix === 4 ? 2 : radix === 2 ? 3 : radix + 2;
  }
  return found;
}

function unityRoots(count: number): Float64Array {
  const roots = new Float64Array(2 * count);
  for (let index = 0; index < count; index++) {
    roots[2 * index] = Math.cos((2 * Math.PI * index) / count);
    roots[2 * index + 1] = -Math.sin((2 * Math.PI * index) / count);
  }
  return roots;
}

function twiddles(radix: number, span: number): Float64Array {
  const roots = unityRoots(radix * span);
  const factors = new Float64Array(2 * radix * span);
  for (let group = 0; group < span; group++) {
    for (let output = 0; output < radix; output++) {
      const root = 2 * group * output;
      factors.set(roots.subarray(root, root + 2), 2 * (group * radix + output));
    }
  }
  return factors;
}

function passOfTwo({ span, stride, twiddles }: Stage, from: Float64Array, to: Float64Array): void {
  const half = 2 * span * stride;
  for (let group = 0; group < span; group++) {
    const cos = twiddles[4 * group + 2] as number;
    const sin = twiddles[4 * group + 3] as number;
    const end = 2 * stride * (group + 1);
    let target = 4 * stride * group;
    for (let source = 2 * stride * group; source < end; source += 2, target += 2) {
      const re0 = from[source] as number;
      const im0 = from[source + 1] as number;
      const re1 = from[source + half] as number;
      const im1 = from[source + half + 1] as number;
      to[target] = re0 + re1;
      to[target + 1] = im0 + im1;
      to[target + 2 * stride] = (re0 - re1) * cos - (im0 - im1) * sin;
      to[target + 2 * stride + 1] = (re0 - re1) * sin + (im0 - im1) * cos;
    }
  }
}

function passOfFour({ span, stride, twiddles }: Stage, from: Float64Array, to: Float64Array): void {
  const apart = 2 * span * stride;
  const step = 2 * stride;
  for (let group = 0; group < span; group++) {
    const cos1 = twiddles[8 * group + 2] as number;
    const sin1 = twiddles[8 * group + 3] as number;
    const cos2 = twiddles[8 * group + 4] as number;
    const sin2 = twiddles[8 * group + 5] as number;
    const cos3 = twiddles[8 * group + 6] as number;
    const sin3 = twiddles[8 * group + 7] as number;
    const end = step * (group + 1);
    let target = 4 * step * group;
    for (let source = step * group; source < end; source += 2, target += 2) {
      const a = source + apart;
      const b = a + apart;
      const c = b + apart;
      const reSum0 = (from[source] as number) + (from[b] as number);
      const imSum0 = (from[source + 1] as number) + (from[b + 1] as number);
      const reGap0 = (from[source] as number) - (from[b] as number);
      const imGap0 = (from[source + 1] as number) - (from[b + 1] as number);
      const reSum1 = (from[a] as number) + (from[c] as number);
      const imSum1 = (from[a + 1] as number) + (from[c + 1] as number);
      const reGap1 = (from[a] as number) - (from[c] as number);
      const imGap1 = (from[a + 1] as number) - (from[c + 1] as number);
      to[target] = reSum0 + reSum1;
      to[target + 1] = imSum0 + imSum1;
      to[target + step] = (reGap0 + imGap1) * cos1 - (imGap0 - reGap1) * sin1;
      to[target + step + 1] = (reGap0 + imGap1) * sin1 + (imGap0 - reGap1) * cos1;
      to[target + 2 * step] = (reSum0 - reSum1) * cos2 - (imSum0 - imSum1) * sin2;
      to[target + 2 * step + 1] = (reSum0 - reSum1) * sin2 + (imSum0 - imSum1) * cos2;
      to[target + 3 * step] = (reGap0 - imGap1) * cos3 - (imGap0 + reGap1) * sin3;
      to[target + 3 * step + 1] = (reGap0 - imGap1) * sin3 + (imGap0 + reGap1) * cos3;
    }
  }
}

/** Numbers `k` and `radix - k` from either end go by their sum and difference: half of the products. */
function passOfOdd(
  { radix, span, stride, twiddles, roots }: Stage,
  from: Float64Array,
  to: Float64Array,
): void {
  const apart = 2 * span * stride;
  const step = 2 * stride;
  const pairs = (radix - 1) / 2;
  for (let group = 0; group < span; group++) {
    for (let place = 0; place < step; place += 2) {
      const source = step * group + place;
      const target = radix * step * group + place;
      const re0 = from[source] as number;
      const im0 = from[source + 1] as number;
      let reTotal = re0;
      let imTotal = im0;
      for (let k = 1; k < radix; k++) {
        reTotal += from[source + k * apart] as number;
        imTotal += from[source + k * apart + 1] as number;
      }
      to[target] = reTotal;
      to[target + 1] = imTotal;
      for (let output = 1; output <= pairs; output++) {
        let reEven = re0;
        let imEven = im0;
        let reOdd = 0;
        let imOdd = 0;
        for (let k = 1; k <= pairs; k++) {
          const low = source + k * apart;
          const high = source + (radix - k) * apart;
          const root = 2 * ((k * output) % radix);
          const cos = roots[root] as number;
          const sin = roots[root + 1] as number;
          reEven += ((from[low] as number) + (from[high] as number)) * cos;
          imEven += ((from[low + 1] as number) + (from[high + 1] as number)) * cos;
          reOdd -= ((from[low + 1] as number) - (from[high + 1] as number)) * sin;
          imOdd += ((from[low] as number) - (from[high] as number)) * sin;
        }
        for (let sign = 1; sign >= -1; sign -= 2) {
          const index = sign > 0 ? output : radix - output;
          const re = reEven + sign * reOdd;
          const im = imEven + sign * imOdd;
          const cos = twiddles[2 * (radix * group + index)] as number;
          const sin = twiddles[2 * (radix * group + index) + 1] as number;
          to[target + index * step] = re * cos - im * sin;
          to[target + index * step + 1] = re * sin + im * cos;
        }
      }
    }
  }
}
