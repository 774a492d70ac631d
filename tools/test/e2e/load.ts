import { setTimeout as sleep } from 'node:timers/promises';

/** How one request of a load ended. */
export interface Ended {
  /** 0 when the connection broke. */
  readonly status: number;
  readonly startedAt: number;
  readonly ms: number;
  /** Of the answer, when there was one. */
  readonly id: string | undefined;
  readonly code: string | undefined;
}

export interface LoadTarget {
  readonly url: string;
  readonly apiKey: string;
  readonly path: string;
  readonly body: unknown;
  readonly deadlineMs: number;
}

/** Callers that ask one after another, each as soon as it has its answer, until they are told to stop. */
export class Load {
  readonly ended: Ended[] = [];
  private isStopping = false;
  private readonly callers: Promise<void>[];

  constructor(
    private readonly target: LoadTarget,
    callers: number,
  ) {
    this.callers = Array.from({ length: callers }, () => this.callOn());
  }

  async stop(): Promise<readonly Ended[]> {
    this.isStopping = true;
    await Promise.all(this.callers);
    return this.ended;
  }

  private async callOn(): Promise<void> {
    while (!this.isStopping) {
      const ended = await callOnce(this.target);
      this.ended.push(ended);
      // A gateway that is down refuses in microseconds.
      if (ended.status !== 200) await sleep(20);
    }
  }
}

async function callOnce({ url, apiKey, path, body, deadlineMs }: LoadTarget): Promise<Ended> {
  const startedAt = performance.now();
  const end = (status: number, answer: { id?: string; code?: string }): Ended => {
    return { status, startedAt, ms: performance.now() - startedAt, id: answer.id, code: answer.code };
  };
  try {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'ganglion-deadline-ms': String(deadlineMs),
      },
      body: JSON.stringify(body),
    });
    return end(response.status, (await response.json()) as { id?: string; code?: string });
  } catch {
    return end(0, {});
  }
}
