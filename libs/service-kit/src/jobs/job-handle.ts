/** What a handler can do while its call runs as a job; a call that somebody waits for has none. */
export interface JobHandle {
  /** 1, unless a run before this one died. */
  readonly run: number;
  /** What an earlier run saved last, to go on from; `null` when it starts afresh. */
  readonly checkpoint: unknown;

  /** Says how far it is. Costs nothing: the newest is told with the next sign of life. @param total Null while nobody knows. */
  progress(done: number, total: number | null, unit: string): void;

  /** Adds a part of the result, which callers see at once; it is kept when this resolves. */
  part(value: unknown): Promise<void>;

  /** Saves from where another run goes on, should this one die; it is kept when this resolves. */
  saveCheckpoint(value: unknown): Promise<void>;
}
