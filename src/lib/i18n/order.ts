const COLLATOR = new Intl.Collator('und', { numeric: true });

/** Sorts names as people expect: “Taula 2” before “Taula 10”, “Àlex” before “Berta”. */
export const byName = (a: { name: string }, b: { name: string }): number =>
  COLLATOR.compare(a.name, b.name);
