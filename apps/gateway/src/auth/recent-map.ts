/** A map of bounded size that forgets what was not used for longest. */
export class RecentMap<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly maxSize: number) {}

  get size(): number {
    return this.values.size;
  }

  get(key: string): Value | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    // A Map lists its keys in the order of insertion: the first is the one to forget.
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size <= this.maxSize) return;
    const [oldest] = this.values.keys();
    if (oldest !== undefined) this.values.delete(oldest);
  }

  delete(key: string): void {
    this.values.delete(key);
  }

  deleteWhere(isGone: (value: Value) => boolean): void {
    for (const [key, value] of this.values) if (isGone(value)) this.values.delete(key);
  }
}
