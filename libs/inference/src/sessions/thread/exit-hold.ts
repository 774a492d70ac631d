/** How long an exit waits for a run that is under way. */
const EXIT_WAIT_MS = 2_000;

/** Positions in the shared buffer. */
const COMPUTING = 0;
const EXITING = 1;

const holds = new Set<ExitHold>();

/**
 * Holds up the exit of the process while a thread computes: Node would end the thread, and ONNX Runtime's binding, which
 * can't be interrupted, would then abort the process (SIGABRT, 134) whatever exit code was meant. Made in the main
 * thread by {@link ExitHold.add}, and in the other one over the same buffer.
 */
export class ExitHold {
  private readonly flags: Int32Array;

  constructor(readonly buffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.flags = new Int32Array(buffer);
  }

  static add(): ExitHold {
    if (holds.size === 0) process.on('exit', waitForAll);
    const hold = new ExitHold();
    holds.add(hold);
    return hold;
  }

  remove(): void {
    holds.delete(this);
    if (holds.size === 0) process.off('exit', waitForAll);
  }

  /** In the thread: computes, unless the process is about to exit, when nobody waits for an answer any more. */
  readonly during = async <T>(work: () => Promise<T>): Promise<T> => {
    Atomics.add(this.flags, COMPUTING, 1);
    const isExiting = Atomics.load(this.flags, EXITING) === 1;
    try {
      if (!isExiting) return await work();
    } finally {
      Atomics.sub(this.flags, COMPUTING, 1);
      Atomics.notify(this.flags, COMPUTING);
    }
    return new Promise<never>(() => {});
  };

  /** Lets no further run begin, and waits for those under way. @returns whether none is, by `deadline`. */
  wait(deadline: number): boolean {
    Atomics.store(this.flags, EXITING, 1);
    for (;;) {
      const computing = Atomics.load(this.flags, COMPUTING);
      const remainingMs = deadline - performance.now();
      if (computing === 0 || remainingMs <= 0) return computing === 0;
      Atomics.wait(this.flags, COMPUTING, computing, remainingMs);
    }
  }
}

/** A run that does not end in time leaves but one way out: a signal, as if the process had not listened to it. */
function waitForAll(): void {
  const deadline = performance.now() + EXIT_WAIT_MS;
  if ([...holds].map((hold) => hold.wait(deadline)).every(Boolean)) return;
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
}
