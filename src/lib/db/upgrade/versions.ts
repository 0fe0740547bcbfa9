/** Compares two versions of three numbers, such as `0.10.0`. Negative: the first is earlier. Anything after the numbers is ignored. Pure. */
export function compareVersions(a: string, b: string): number {
  const [ofA, ofB] = [numbersOf(a), numbersOf(b)];
  const different = ofA.map((each, index) => each - (ofB[index] ?? 0));
  return different.find((each) => each !== 0) ?? 0;
}

const numbersOf = (version: string): number[] =>
  version
    .split(/[-+]/, 1)
    .join('')
    .split('.')
    .slice(0, 3)
    .map((each) => Number(each) || 0);

/** Returns the latest of these versions; null: there are none. Pure. */
export const latestOf = (versions: readonly string[]): string | null =>
  [...versions].sort(compareVersions).at(-1) ?? null;
