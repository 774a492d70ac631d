/**
 * Orders two semantic versions.
 *
 * @returns Above zero when `left` is the newer, zero when neither is.
 * @source Semantic Versioning 2.0.0, section 11; two pre-releases of one version are ordered by text.
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parse(left), parse(right)];
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index];
    if (difference !== 0) return difference;
  }
  if (a.preRelease === b.preRelease) return 0;
  if (a.preRelease === '') return 1;
  if (b.preRelease === '') return -1;
  return a.preRelease < b.preRelease ? -1 : 1;
}

function parse(version: string): { numbers: readonly [number, number, number]; preRelease: string } {
  const [, major, minor, patch, preRelease = ''] = /^(\d+)\.(\d+)\.(\d+)(?:-([^+]+))?/.exec(version) ?? [];
  return { numbers: [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)], preRelease };
}
