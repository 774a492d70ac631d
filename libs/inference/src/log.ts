/** Takes one line for each thing that an operator wants to know; `warn` for what went wrong. */
export type Log = (line: string, level: 'info' | 'warn') => void;
