import { PURPOSES, type Purpose } from '../../../lib/keys/purposes.ts';
import type { KeptVersion } from './types.ts';

/** Seconds from the creation of a version until secrets derive from it: by then every process has read it. */
export const ACTIVE_AFTER_SECONDS = 30;

/**
 * Returns the seconds for which an earlier sealing key is kept after another is in use, although nothing is sealed by it any
 * more. For documents: a process that read something just before it was sealed anew can still open it. For staff: the key has signed
 * the cookies of sessions, which last twelve hours.
 */
export const keptSeconds = (purpose: Purpose): number => (purpose === 'staff' ? 13 * 3600 : 300);

/** Minutes for which data derived from a `recent` version may be in transit. */
const RECENT_MINUTES = 60;

type Known = Pick<KeptVersion, 'version' | 'isActive' | 'madeAt'>;

/** Returns the reason why a purpose can't have a new version now; null: it can. `versions`: the valid ones. */
export function whyNotRotate(
  purpose: Purpose,
  versions: readonly Known[],
  now: Temporal.Instant,
): 'pending' | 'too_soon' | null {
  const newest = versions.at(-1);
  if (!newest) return null;
  if (!newest.isActive) return 'pending';
  const age = now.since(newest.madeAt).total('minutes');
  const isRecent = PURPOSES[purpose].lasting === 'recent' && versions.length > 1;
  return isRecent && age < RECENT_MINUTES ? 'too_soon' : null;
}

/**
 * Returns the versions that end when a new one follows. `isCompromised`: another person may have them, so nothing derived
 * from them may stay valid. But sealed data must be sealed anew first, and a key that only recognises does no harm.
 */
export function endingWith(
  purpose: Purpose,
  versions: readonly Known[],
  isCompromised: boolean,
): number[] {
  const all = versions.map((each) => each.version).toSorted((a, b) => a - b);
  switch (PURPOSES[purpose].lasting) {
    case 'always':
    case 'wrapped':
      return [];
    case 'recent':
      return isCompromised ? all : all.slice(0, -1);
    case 'retired':
      return isCompromised ? all : [];
  }
}
