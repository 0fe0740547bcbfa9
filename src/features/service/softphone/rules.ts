import type { AttemptOutcome } from '../encounter/types.ts';

/** The codecs in the order in which they are offered: speech of 7 kHz and more first (EN 301 549, 6.1). */
export const CODECS = ['opus', 'G722', 'PCMA', 'PCMU'] as const;
export type Codec = (typeof CODECS)[number];

/** What a call was like on its way, measured where it was heard. */
export interface Quality {
  /** Packets that never came, in percent. */
  loss: number;
  /** There and back, in milliseconds; null: nobody said. */
  rtt: number | null;
  /** In milliseconds. */
  jitter: number;
}

export type QualityWord = 'good' | 'fair' | 'poor';

const MS_OF_CODEC = 20;

/**
 * How people would judge such a call, from 1 to 4.5: the E-model (ITU-T G.107) cut down to delay and loss, for a codec that
 * conceals some. It serves to find a bad network, not to praise a good one.
 */
export function mosOf({ loss, rtt, jitter }: Quality): number {
  const delay = (rtt ?? 0) / 2 + 2 * jitter + MS_OF_CODEC;
  const late = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const gone = (95 * loss) / (loss + 25);
  const r = Math.max(0, Math.min(93.2, 93.2 - late - gone));
  return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

/** In a word, where the E-model's users begin to be dissatisfied (3.6) and nearly all are (3.1). */
export function qualityWord(quality: Quality): QualityWord {
  const mos = mosOf(quality);
  return mos >= 3.6 ? 'good' : mos >= 3.1 ? 'fair' : 'poor';
}

/**
 * What the exchange's answer says about who was called (RFC 3261, 21); null when it says nothing about them: the exchange
 * itself couldn't. Only `answered` is certain. The rest is a proposal to the agent, since the third failure costs somebody
 * their appointment, and exchanges answer in different ways.
 */
export function outcomeOf(status: number): AttemptOutcome | null {
  if (status >= 200 && status < 300) return 'answered';
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 404:
    case 410:
    case 484:
    case 604:
      return 'wrong_number';
    case 603:
      return 'rejected';
    case 408:
    case 480:
    case 487:
      return 'no_answer';
    default:
      return null;
  }
}

/** The number in an address to dial (`tel:0612345678`); null when it is none. */
export const numberIn = (href: string): string | null =>
  /^tel:([+\d*#,]+)$/.exec(href)?.[1]?.replaceAll(',', '') ?? null;

/** A number of up to so many digits is a desk or a service of the town hall, and goes out as it is. */
const LONGEST_INSIDE = 5;

/**
 * What to dial for a number that was typed by hand, behind an exchange that wants `prefix` before outside numbers;
 * null when nothing can be dialled. `countryCode`: `+34`.
 */
export function handDialled(typed: string, prefix: string, countryCode: string): string | null {
  const signs = typed.replaceAll(/[\s.()/-]/g, '').replace(/^00/, '+');
  if (!/^\+?[\d*#]{2,18}$/.test(signs)) return null;
  if (signs.startsWith('+')) {
    if (prefix === '') return signs;
    const national = signs.startsWith(countryCode) ? signs.slice(countryCode.length) : null;
    return `${prefix}${national ?? `00${signs.slice(1)}`}`;
  }
  return signs.length <= LONGEST_INSIDE ? signs : `${prefix}${signs}`;
}

/** A caller's number as the exchange shows it, without what it may put before outside numbers. */
export function callersNumber(shown: string, prefix: string): string {
  const digits = shown.replaceAll(/[^+\d]/g, '');
  const isOutside = prefix !== '' && digits.startsWith(prefix) && digits.length > 9;
  return isOutside ? digits.slice(prefix.length) : digits;
}

/** The desk's extension in the office's exchange, or null. */
export function extensionOf(
  exchange: { desks: Readonly<Record<string, string>> } | undefined,
  desk: string | undefined,
): string | null {
  return (desk !== undefined && exchange?.desks[desk]) || null;
}
