/** Where a command writes: for reading on a terminal, else a line of JSON each. */
export class Output {
  private lastProgressMs = 0;
  private hasProgress = false;

  constructor(private readonly json: boolean) {}

  /**
   * @param event What happened, for programs.
   * @param line The same, for people; null where they need not know.
   */
  tell(event: object, line: string | null): void {
    if (this.json) return void process.stdout.write(`${JSON.stringify(event)}\n`);
    this.clearProgress();
    if (line !== null) process.stdout.write(`${line}\n`);
  }

  /** As {@link tell}; on a terminal the line is written over by the next. */
  progress(event: object, line: string): void {
    if (this.json) return this.tell(event, null);
    if (!process.stderr.isTTY || Date.now() - this.lastProgressMs < 100) return;
    this.lastProgressMs = Date.now();
    this.hasProgress = true;
    process.stderr.write(`\r${line}\x1b[K`);
  }

  /** Rows in columns, their names first. */
  table(rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): void {
    if (this.json) return rows.forEach((row) => this.tell(row, null));
    const names = Object.keys(rows[0] ?? {});
    const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '-')))];
    const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    for (const row of cells)
      this.tell(
        {},
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
  }

  private clearProgress(): void {
    if (this.hasProgress) process.stderr.write('\r\x1b[K');
    this.hasProgress = false;
  }
}

/** Such as `90.9 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
