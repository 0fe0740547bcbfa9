import type { Attempt } from '../../features/foundation/identification/types.ts';

/** The origin of the town in the tests of the adapters. */
export const BASE = 'http://localhost:3000';

/** Returns an attempt at the provider with the code `test`. */
export function testAttempt(changed: Partial<Attempt> = {}): Attempt {
  const at = `${BASE}/identify/test`;
  return {
    baseUrl: BASE,
    returnUrl: `${at}/return`,
    answerUrl: `${at}/answer`,
    metadataUrl: `${at}/metadata`,
    leftUrl: `${at}/left`,
    id: 'attempt-1',
    checks: { state: 'the-state', nonce: 'the-nonce', verifier: 'v'.repeat(43) },
    level: 'substantial',
    isFresh: false,
    language: 'ca',
    kept: null,
    transaction: null,
    ...changed,
  };
}

/** A log that keeps what was written. */
export function testLog() {
  const lines: string[] = [];
  const warn = (what: object, message: string) => {
    lines.push(`${JSON.stringify(what)} ${message}`);
  };
  return { lines, warn };
}

/** Returns the address of a departure that is a redirect. */
export function urlOf(departure: unknown): string {
  const { ok, value } = departure as { ok: boolean; value: { kind: string; url: string } };
  if (!ok || value.kind !== 'redirect')
    throw new Error(`No redirect: ${JSON.stringify(departure)}`);
  return value.url;
}
