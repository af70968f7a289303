/**
 * The known name that was probably meant: one that begins with what was written, or is at most a third of its letters
 * away, and never more than four; of several equally near ones the first by alphabet. Case does not count.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const written = name.toLowerCase();
  const most = Math.min(4, Math.max(1, Math.floor((written.length + 1) / 3)));
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    const distance = distanceOf(written, candidate.toLowerCase(), most);
    if (distance < least || (distance === least && best !== undefined && candidate < best))
      [best, least] = [candidate, distance];
  }
  return best;
}

function distanceOf(written: string, candidate: string, most: number): number {
  if (written.length >= 3 && candidate.startsWith(written)) return candidate === written ? 0 : 1;
  if (Math.abs(written.length - candidate.length) > most) return most + 1;
  return editDistance(written, candidate);
}

/** Letters put in, left out, replaced, or swapped with the next one. */
function editDistance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : changed;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
