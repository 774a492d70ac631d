/** Whether scopes allow what `wanted` would: `*` allows all, `nlp:*` allows `nlp:sentiment`. */
export function covers(held: readonly string[], wanted: string): boolean {
  const [service] = wanted.split(':', 1);
  return held.some((scope) => scope === '*' || scope === wanted || scope === `${service}:*`);
}
