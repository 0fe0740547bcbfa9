import type { Language } from '../../../lib/i18n/languages.ts';
import type { Servlets, Signature } from './types.ts';

/** Minutes that somebody has to sign. What comes later signs nothing. */
export const SIGNING_MINUTES = 30;

/** Minutes after which what a program put is not being read any more: whoever began did not come to its end. */
const READING_MINUTES = 2;

/** Returns whether what a program put is being read. Once that has ended without a result, it is never read again: it may have ended the server. */
export const isBeingRead = (
  { readAt }: { readAt: Temporal.Instant | null },
  now: Temporal.Instant,
): boolean => readAt !== null && readAt.until(now).total('minutes') < READING_MINUTES;

/** The most attempts to sign for one case. */
export const MOST_SIGNINGS = 30;

/** Returns whether it is too late to sign with an attempt. */
export const isLate = ({ begunAt }: Pick<Signature, 'begunAt'>, now: Temporal.Instant): boolean =>
  begunAt.until(now).total('minutes') > SIGNING_MINUTES;

/**
 * Returns how it stands with the signature of a case whose answers have a version. `void`: what was signed was changed since. `signatures`: the
 * newest first.
 */
export function signatureStanding<S extends Pick<Signature, 'state' | 'version' | 'failure'>>(
  signatures: readonly S[],
  version: number,
): { kind: 'none' } | { kind: 'signed' | 'failed' | 'void'; signature: S } {
  const signed = signatures.find((each) => each.state === 'signed' && each.version === version);
  if (signed) return { kind: 'signed', signature: signed };
  const earlier = signatures.find(({ state }) => state === 'signed');
  const newest = signatures.find((each) => each.version === version || each.failure === 'changed');
  if (newest?.state === 'failed') return { kind: 'failed', signature: newest };
  return earlier && !newest ? { kind: 'void', signature: earlier } : { kind: 'none' };
}

/** Returns where browsers come back: the redirect URI that the AOC registers. */
export const returnUrlOf = (baseUrl: string): string => `${baseUrl}/signature/return`;

/** Returns the page of ours on which an attempt waits for a program on the person's device. `waits`: how many times it has looked. */
export const programPageOf = (
  baseUrl: string,
  { language, state, waits = 0 }: { language: Language; state: string; waits?: number },
): string => {
  const query = new URLSearchParams({ state, ...(waits > 0 && { waits: String(waits) }) });
  return `${baseUrl}/${language}/signature/program?${query}`;
};

/** Where programs fetch what they sign, and put what they made. */
export const servletsOf = (baseUrl: string): Servlets => ({
  retrieve: `${baseUrl}/signature/program/retrieve`,
  storage: `${baseUrl}/signature/program/storage`,
});

/** The most characters that a program puts: a signed PDF of some three megabytes, enciphered. */
export const MOST_PUT = 6_000_000;
