import { isSamePost } from '../../domain/roles.ts';
import type { PasswordRefusal, RoleHeld } from './types.ts';

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

export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** Words on which people build long passwords, in the four languages; what is left once they are taken out must be long. */
const COMMON = [
  'contrasenya',
  'contrasena',
  'contraseña',
  'pasahitza',
  'pasahitz',
  'password',
  'passwort',
  'passphrase',
  'iloveyou',
  'teestimo',
  'tequiero',
  'teamo',
  'letmein',
  'welcome',
  'bienvenido',
  'bienvenida',
  'benvingut',
  'benvinguda',
  'ongietorri',
  'admin',
  'administrator',
  'administrador',
  'ajuntament',
  'ayuntamiento',
  'udala',
  'townhall',
  'finestreta',
  'vilaclara',
  'ciutadania',
  'barcelona',
  'catalunya',
  'euskadi',
  'madrid',
  'espana',
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'asdfgh',
  'zxcvbnm',
  'abcdefgh',
  'monkey',
  'dragon',
  'master',
  'sunshine',
  'princess',
  'football',
  'superman',
  'batman',
  'trustno1',
  'secret',
  'secreta',
  'hola',
  'hello',
  'gener',
  'enero',
  'primavera',
  'estiu',
  'verano',
  'summer',
  'winter',
  'hivern',
  'invierno',
  'canviam',
  'cambiame',
  'changeme',
];

const SEQUENCES = [
  '01234567890123456789',
  '98765432109876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
];
const LEET: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' };
/** Characters that must be left when everything guessable is taken away. */
const OWN_CHARACTERS = 6;

/**
 * Why a password can't be chosen, or null. Length first, no rules about kinds of characters, common ones refused
 * (NIST SP 800-63B, 3.1.1.2), and whatever the person's own name or mail would give away.
 */
export function passwordRefusal(
  password: string,
  person: { email: string; name: string },
): PasswordRefusal | null {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH.least) return 'too_short';
  if (length > PASSWORD_LENGTH.most) return 'too_long';
  const plain = plainly(password);
  if (withoutRepetition(plain).length < OWN_CHARACTERS) return 'common';
  if (leftWithout(plain, COMMON) < OWN_CHARACTERS) return 'common';
  const own = [...person.email.split(/[@.]/), ...person.name.split(/\s+/)]
    .map(plainly)
    .filter((each) => each.length >= 3);
  return leftWithout(plain, [...COMMON, ...own]) < OWN_CHARACTERS ? 'personal' : null;
}

const plainly = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** What remains of "abcabcabc" is "abc": one round of what is repeated from the start. */
function withoutRepetition(text: string): string {
  for (let size = 1; size <= text.length / 2; size++) {
    const part = text.slice(0, size);
    if (part.repeat(Math.ceil(text.length / size)).startsWith(text)) return part;
  }
  return text;
}

/** How many characters are left once common words, runs of the keyboard, digits at the ends and signs are gone. */
function leftWithout(text: string, words: readonly string[]): number {
  const letters = text.replaceAll(/[013457]/g, (digit) => LEET[digit] ?? digit);
  const sorted = [...words].map(plainly).sort((a, b) => b.length - a.length);
  const leftOf = (start: string) => {
    let left = start;
    for (const word of sorted) left = left.replaceAll(word, ' ');
    left = withoutSequences(left);
    return left.replaceAll(/^[\d\W_]+|[\d\W_]+$/g, '').replaceAll(/[\s\W_]/g, '').length;
  };
  return Math.min(leftOf(text), leftOf(letters));
}

function withoutSequences(text: string): string {
  let left = text;
  for (const sequence of SEQUENCES) {
    for (let size = Math.min(sequence.length, left.length); size >= 4; size--) {
      for (let at = 0; at + size <= sequence.length; at++) {
        left = left.replaceAll(sequence.slice(at, at + size), ' ');
      }
    }
  }
  return left;
}

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
    all.some((each) => each.body === one.body && isSamePost(each, one));
  return [
    ...before
      .filter((each) => !isIn(after, each))
      .map((held) => ({ held, action: 'role_taken' as const })),
    ...after
      .filter((each) => !isIn(before, each))
      .map((held) => ({ held, action: 'role_given' as const })),
  ];
}
