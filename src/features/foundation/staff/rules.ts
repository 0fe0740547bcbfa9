import { isSamePost } from '../../../domain/roles.ts';
import type { RoleHeld } from './types.ts';

/** Hours that a session lasts at most, whatever is done in it (OWASP ASVS 5.0, 7.3.2). */
export const SESSION_HOURS = 12;
/** Days that a browser in which somebody has signed in stays known as theirs after the last time. */
export const KNOWN_DAYS = 180;
/** Minutes without a request after which a session ends: somebody who attends a long call is still there. */
const IDLE_MINUTES = 60;
/** Days that an invitation stays open. */
export const INVITATION_DAYS = 7;
/** Minutes between the password and the code. */
export const CHALLENGE_MINUTES = 10;
/** Characters of a password. */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** What was typed into the one field for both: six digits of an authenticator, or a recovery code. */
export type TypedCode = { kind: 'time'; code: string } | { kind: 'recovery'; code: string };

/** People copy codes with spaces and dashes; recovery codes are written as XXXXX-XXXXX. */
export function readCode(typed: string): TypedCode {
  const bare = typed.replaceAll(/[\s\-–—]/g, '').slice(0, 64);
  if (/^\d{6}$/.test(bare)) return { kind: 'time', code: bare };
  const code = bare.toUpperCase();
  return { kind: 'recovery', code: `${code.slice(0, 5)}-${code.slice(5)}` };
}

/** Letters and digits that nobody takes for one another. */
export const RECOVERY_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** Whether a session has been idle for too long. */
export function isIdle(lastSeenAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(lastSeenAt.add({ minutes: IDLE_MINUTES }), now) <= 0;
}

/** Groups of four, so that a secret can be typed by hand. */
export const inFours = (secret: string): string => (secret.match(/.{1,4}/g) ?? []).join(' ');

/** What the audit trail tells when somebody's roles become others: what was taken, then what was given. */
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
