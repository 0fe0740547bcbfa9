/** How many each has. Those that have none take no memory. */
export interface Counts {
  of(whose: string): number;
  change(whose: string, by: 1 | -1): void;
}

export function createCounts(): Counts {
  const counts = new Map<string, number>();
  return {
    of: (whose) => counts.get(whose) ?? 0,
    change: (whose, by) => {
      const now = (counts.get(whose) ?? 0) + by;
      if (now > 0) counts.set(whose, now);
      else counts.delete(whose);
    },
  };
}
