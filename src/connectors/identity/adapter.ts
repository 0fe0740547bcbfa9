import { type GivenLevel, isEnough } from '../../domain/identity.ts';
import type {
  Answered,
  FailureReason,
  PersonName,
} from '../../features/foundation/identification/types.ts';
import type { Clock } from '../../lib/clock.ts';

/** What an adapter of a provider is given beside its settings. */
export interface AdapterOptions {
  /** The machine's clock, not the demo's. */
  clock?: Clock;
  /** Log of codes only, without personal data. */
  log: { warn(what: object, message: string): void };
  /** How long a request to the provider may take: 10 seconds by default. */
  timeoutSeconds?: number;
}

/** Ends an identification inside an adapter, which answers it as a failure. It never leaves the adapter. */
export class NotIdentified extends Error {
  readonly reason: FailureReason;
  /** In small letters, without a person's data. */
  readonly code: string;

  constructor(reason: FailureReason, code: string) {
    super(code);
    this.reason = reason;
    this.code = code;
  }
}

/**
 * Runs the work of an adapter, and returns its failure as a value. Only codes are logged, since errors have tokens and claims in them.
 * @param provider its code in the town file
 * @param failureOf what an error means that isn't `NotIdentified`
 */
export async function answered<T>(
  { provider, log }: { provider: string; log: AdapterOptions['log'] },
  failureOf: (error: unknown) => NotIdentified,
  work: () => Promise<T>,
): Promise<Answered<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { reason, code } = error instanceof NotIdentified ? error : failureOf(error);
    if (reason !== 'cancelled') log.warn({ provider, reason, code }, 'Nobody was identified');
    return { ok: false, reason, code };
  }
}

/** Returns a code as failures have it: small letters, digits and underscores, at most 40. */
export const codeFrom = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_')
    .slice(0, 40);

type Levels = Readonly<Record<string, GivenLevel>>;

/** Returns the provider's words that mean a level which is high enough. */
export const wordsEnough = (levels: Levels, demanded: GivenLevel): string[] =>
  Object.keys(levels).filter((word) => isEnough(levels[word] ?? 'none', demanded));

/** Returns the level that the provider's word means. @throws NotIdentified when the settings lack the word, or it is too low */
export function levelGiven(levels: Levels, word: unknown, demanded: GivenLevel): GivenLevel {
  const level = typeof word === 'string' && Object.hasOwn(levels, word) ? levels[word] : undefined;
  if (!level) throw new NotIdentified('refused', 'level_unknown');
  if (!isEnough(level, demanded)) throw new NotIdentified('too_low', `level_${level}`);
  return level;
}

/** Longer names are cut. */
const LONGEST_NAME = 200;

/**
 * Returns a text of a provider on one line; null: it is no text, or empty. What can't be seen is dropped: control characters, and those that
 * turn the direction of writing, with which a name could change what stands beside it (Unicode UAX #9).
 */
export function lineFrom(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .normalize('NFC')
    .replaceAll(/[\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return Array.from(line).slice(0, LONGEST_NAME).join('').trim() || null;
}

/** Returns the name of a person from its parts. Some providers give none: then it is empty, and nothing is put in its place. */
export function nameFrom(parts: { full?: unknown; given?: unknown; family?: unknown }): PersonName {
  const given = lineFrom(parts.given);
  const family = lineFrom(parts.family);
  const joined = [given, family].filter((part) => part !== null).join(' ');
  return { full: lineFrom(parts.full) ?? lineFrom(joined) ?? '', given, family };
}
