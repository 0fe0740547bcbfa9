import type { Signature } from './types.ts';

/** Minutes that somebody has to sign. What comes later signs nothing. */
export const SIGNING_MINUTES = 30;

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
