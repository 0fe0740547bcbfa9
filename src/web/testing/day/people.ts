/** What happens to a citizen, or is done to them by mistake. */
export const FATES = [
  'cancels',
  'cancels while called',
  'moves',
  'is cancelled by the office',
  'early press',
  'third press',
  'third call undone',
  'double begin',
  'begin beside another',
  'begun at the wrong desk',
  'given to the wrong desk',
  'taken over',
  'lost answer to a note',
  'second tab',
  'rings back',
  'has no mailbox',
  'gets a new number',
  'has no number',
  'takes long',
  'is corrected the day after',
] as const;
export type Fate = (typeof FATES)[number] | 'quiet';

export interface Citizen {
  name: string;
  fate: Fate;
  /** How each call to them ends. */
  calls: readonly string[];
  /** Minutes that they are served. */
  lasts: number;
}

/** A source of numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(some: readonly T[], random: () => number): T[] {
  const all = [...some];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all;
}

const NONE = ['no_answer', 'busy', 'voicemail'];
const CALLS: Partial<Record<Fate, readonly string[]>> = {
  'early press': ['no_answer', 'answered'],
  'third press': NONE,
  'third call undone': [...NONE, 'answered'],
  'rings back': NONE,
  'gets a new number': ['wrong_number', 'answered'],
  'has no number': ['wrong_number'],
};

/** Returns the citizens of a day, each fate at least twice, in random order. */
export function citizensOf(count: number, random: () => number): Citizen[] {
  const fates = shuffled(
    Array.from({ length: count }, (_, nth): Fate => FATES[nth % (FATES.length * 2)] ?? 'quiet'),
    random,
  );
  return fates.map((fate, nth) => ({
    name: `C${String(nth + 1).padStart(2, '0')}`,
    fate,
    calls: CALLS[fate] ?? (random() < 0.15 ? ['busy', 'answered'] : ['answered']),
    lasts: fate === 'takes long' ? 40 : 5 + 5 * Math.floor(random() * 2),
  }));
}
