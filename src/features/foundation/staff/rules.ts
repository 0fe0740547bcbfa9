import { isSamePost } from '../../../domain/roles.ts';
import { isOfTheFuture } from '../../../lib/clock.ts';
import type { RoleHeld } from './types.ts';

/** Maximum hours of a session, regardless of its use (OWASP ASVS 5.0, 7.3.2). */
export const SESSION_HOURS = 12;
/** Days for which a browser stays known for a person after their last sign-in. */
export const KNOWN_DAYS = 180;
/** Minutes without a request after which a session ends. An agent in a long call needs this long. */
const IDLE_MINUTES = 60;
/** Days for which an invitation is valid. */
export const INVITATION_DAYS = 7;
/** Minutes between the password and the code. */
export const CHALLENGE_MINUTES = 10;
/** Characters of a password. */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** The text of the one field for both: six digits of an authenticator, or a recovery code. */
export type TypedCode = { kind: 'time'; code: string } | { kind: 'recovery'; code: string };

/** Removes spaces and dashes, which people copy with codes; recovery codes are written as XXXXX-XXXXX. */
export function readCode(typed: string): TypedCode {
  const bare = typed.replaceAll(/[\s\-–—]/g, '').slice(0, 64);
  if (/^\d{6}$/.test(bare)) return { kind: 'time', code: bare };
  const code = bare.toUpperCase();
  return { kind: 'recovery', code: `${code.slice(0, 5)}-${code.slice(5)}` };
}

/** Letters and digits that can't be confused. */
export const RECOVERY_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** Returns whether a session has been idle for too long; also when nobody can tell, since the clock was set back. */
export function isIdle(lastSeenAt: Temporal.Instant, now: Temporal.Instant): boolean {
  const isOver = Temporal.Instant.compare(lastSeenAt.add({ minutes: IDLE_MINUTES }), now) <= 0;
  return isOver || isOfTheFuture(lastSeenAt, now);
}

/** Returns a secret in groups of four, so that it can be typed by hand. */
export const inFours = (secret: string): string => (secret.match(/.{1,4}/g) ?? []).join(' ');

/** Returns the audit records of changed roles: first those removed, then those given. */
export function roleChanges(
  before: readonly RoleHeld[],
  after: readonly RoleHeld[],
): { held: RoleHeld; action: 'role_taken' | 'role_given' }[] {
  const isIn = (all: readonly RoleHeld[], one: RoleHeld) =>
    all.some((each) => each.office === one.office && isSamePost(each, one));
  return [
    ...before
      .filter((each) => !isIn(after, each))
      .map((held) => ({ held, action: 'role_taken' as const })),
    ...after
      .filter((each) => !isIn(before, each))
      .map((held) => ({ held, action: 'role_given' as const })),
  ];
}
