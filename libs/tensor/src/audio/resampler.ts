/** Zero crossings of the filter on each side, at the lower of the two rates. */
const HALF_CROSSINGS = 10;
const KAISER_BETA = 5;

/**
 * Brings a signal from one sample rate to another as it comes in, by a polyphase filter: a sinc at the lower rate's
 * Nyquist frequency under a Kaiser window. However the signal is cut into pieces, the result is the same.
 *
 * @source scipy.signal.resample_poly with its default window, ('kaiser', 5.0)
 */
export class Resampler {
  private readonly up: number;
  private readonly down: number;
  /** Filter taps on each side of the centre, in steps of the rate `up` times the input's. */
  private readonly halfTaps: number;
  private readonly phases: Phases;
  /** Input samples that outputs to come still need; the first is number `firstHeld` of the signal. */
  private held = new Float32Array(0);
  private firstHeld = 0;
  private inputCount = 0;
  private outputCount = 0;

  constructor(fromHz: number, toHz: number) {
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.up = toHz / divisor;
    this.down = fromHz / divisor;
    this.halfTaps = HALF_CROSSINGS * Math.max(this.up, this.down);
    this.phases = splitIntoPhases(designLowPass(this.up, this.down, this.halfTaps), this.up);
  }

  /** Takes the next stretch of the signal; gives what of the result is certain by now. */
  push(samples: Float32Array): Float32Array {
    if (this.up === this.down) return samples;
    this.hold(samples);
    this.inputCount += samples.length;
    // The last output whose filter ends within the samples that are here.
    const lastReach = (this.inputCount - 1) * this.up - this.halfTaps;
    return this.compute(Math.max(0, Math.floor(lastReach / this.down) + 1));
  }

  /** Gives the rest: behind its end the signal is zero. */
  finish(): Float32Array {
    if (this.up === this.down) return new Float32Array(0);
    return this.compute(Math.ceil((this.inputCount * this.up) / this.down));
  }

  /** Computes the outputs up to number `end`, and lets go of the inputs that no later one needs. */
  private compute(end: number): Float32Array {
    const result = new Float32Array(Math.max(0, end - this.outputCount));
    for (let index = 0; index < result.length; index++) {
      result[index] = this.outputAt((this.outputCount + index) * this.down);
    }
    this.outputCount += result.length;
    const firstNeeded = Math.max(0, Math.ceil((this.outputCount * this.down - this.halfTaps) / this.up));
    if (firstNeeded > this.firstHeld) {
      this.held = this.held.slice(firstNeeded - this.firstHeld);
      this.firstHeld = firstNeeded;
    }
    return result;
  }

  /** @param position Of the output, in steps of the rate `up` times the input's. */
  private outputAt(position: number): number {
    const { taps, coefficients } = this.phases;
    // The inputs under the filter run backwards from the newest, which lies at or before its end.
    const newest = Math.floor((position + this.halfTaps) / this.up);
    const phase = position + this.halfTaps - newest * this.up;
    const first = newest - this.firstHeld;
    let sum = 0;
    for (let tap = Math.max(0, first - this.held.length + 1); tap < taps && tap <= first; tap++) {
      sum += (coefficients[phase * taps + tap] as number) * (this.held[first - tap] as number);
    }
    return sum;
  }

  private hold(samples: Float32Array): void {
    const joined = new Float32Array(this.held.length + samples.length);
    joined.set(this.held);
    joined.set(samples, this.held.length);
    this.held = joined;
  }
}

/** Filter coefficients by phase: phase `p` has those number p, p + up, p + 2 up, …, filled with zeros to `taps`. */
interface Phases {
  readonly taps: number;
  readonly coefficients: Float64Array;
}

function splitIntoPhases(filter: Float64Array, up: number): Phases {
  const taps = Math.ceil(filter.length / up);
  const coefficients = new Float64Array(taps * up);
  filter.forEach((value, index) => {
    coefficients[(index % up) * taps + Math.floor(index / up)] = value;
  });
  return { taps, coefficients };
}

/** A windowed sinc of `2 halfTaps + 1` coefficients whose gain at 0 Hz is `up`. */
function designLowPass(up: number, down: number, halfTaps: number): Float64Array {
  const cutoff = 1 / Math.max(up, down);
  const filter = new Float64Array(2 * halfTaps + 1);
  for (let index = 0; index < filter.length; index++) {
    const offset = index - halfTaps;
    filter[index] = sinc(cutoff * offset) * besselI0(KAISER_BETA * Math.sqrt(1 - (offset / halfTaps) ** 2));
  }
  const gain = filter.reduce((sum, value) => sum + value, 0);
  return filter.map((value) => (value * up) / gain);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind and order 0, by its power series: a Kaiser window but for its scale. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * SMALLEST_TERM; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const SMALLEST_TERM = 2 ** -52;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
