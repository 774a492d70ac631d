/** How far a name may be from what was meant, as a share of its length. */
const MAX_DISTANCE = 0.4;
const MOST = 3;

/** The names that someone who wrote `name` may have meant, nearest first; names that start with it are near. */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const written = name.toLowerCase();
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceOf(written, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(candidate.length, name.length) * MAX_DISTANCE)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

function distanceOf(written: string, candidate: string): number {
  return written !== '' && candidate.startsWith(written) ? 0 : editDistance(written, candidate);
}

/** @source Levenshtein (1966), in the two rows of Wagner and Fischer (1974) */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** ` Did you mean a or b?`, or nothing when no name is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearestNames(name, candidates);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}
