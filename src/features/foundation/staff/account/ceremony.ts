import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type pg from 'pg';
import { systemClock } from '../../../../lib/clock.ts';
import { newSecret } from '../../../../lib/secrets.ts';
import type { AuthOptions } from '../auth.ts';
import { type LibrarySecret, librarySecrets } from '../secrets.ts';
import type { Caller, Cookies } from '../types.ts';
import { browserSecret, giveBrowser } from './browser.ts';
import { readAssertion } from './messages.ts';
import { type Asked, newChallenge, readChallenge, relyingParty } from './rules.ts';
import { spendChallenge } from './store.ts';
import { type PasskeyKept, readCredential } from './views.ts';

/** The purpose and person of a challenge; the caller knows the browser. */
type Purpose = Omit<Asked, 'browser'>;

/** A passkey that was just verified, with its own data. */
export interface Proof {
  passkey: PasskeyKept;
  counter: number;
  isBackedUp: boolean;
}

/** The state of a challenge after the library's check; `until`: null when it wasn't valid. */
interface Judged {
  challenge: string;
  until: Temporal.Instant | null;
}

export interface Ceremony {
  /** The relying party; null: this address can't have passkeys. */
  party: { id: string; origin: string } | null;
  /** Makes a challenge bound to the browser, which gets a secret if it has none. */
  ask(what: Purpose, caller: Caller): { challenge: Uint8Array<ArrayBuffer>; cookies: Cookies };
  /** Returns the check of a challenge for the library, and its result. */
  judge(what: Purpose, caller: Caller): { found: Judged; expectedChallenge(text: string): boolean };
  /** Returns the verified passkey of an answer; null for any invalid answer. The challenge is spent. */
  proven(answer: string, what: Purpose, caller: Caller): Promise<Proof | null>;
}

/** Requests passkeys from a browser, and verifies its answers (WebAuthn 3, 7.2). */
export function createCeremony(options: AuthOptions, pool: pg.Pool): Ceremony {
  const party = relyingParty(options.baseUrl);

  const ask: Ceremony['ask'] = (what, caller) => {
    const brought = browserSecret(caller.cookie, options.baseUrl);
    const browser = brought || newSecret();
    const challenge = newChallenge(
      librarySecrets(options.secret)[0]?.value ?? '',
      { ...what, browser },
      systemClock.now(),
    );
    return {
      challenge: Uint8Array.from(Buffer.from(challenge, 'base64url')),
      cookies: brought ? [] : [giveBrowser(options.baseUrl, browser)],
    };
  };

  const judge: Ceremony['judge'] = (what, caller) => {
    const found: Judged = { challenge: '', until: null };
    const browser = browserSecret(caller.cookie, options.baseUrl);
    const expectedChallenge = (challenge: string) => {
      const asked = { ...what, browser };
      found.challenge = challenge;
      const read = ({ value }: LibrarySecret) =>
        readChallenge(value, asked, challenge, systemClock.now());
      const until = librarySecrets(options.secret).map(read);
      found.until = browser ? (until.find((each) => each !== null) ?? null) : null;
      return found.until !== null;
    };
    return { found, expectedChallenge };
  };

  const proven: Ceremony['proven'] = async (answer, what, caller) => {
    const response = readAssertion(answer);
    const passkey = response && (await readCredential(pool, response.id));
    if (!party || !passkey || !isTheirs(passkey, what, response.response.userHandle)) return null;
    const { found, expectedChallenge } = judge(what, caller);
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: Uint8Array.from(passkey.publicKey),
        counter: 0, // the library's own check of the counter would only report a general error
      },
    }).catch(() => null);
    if (!verified?.verified || !found.until) return null;
    if (!(await spendChallenge(pool, found.challenge, found.until))) return null;
    const { newCounter, credentialBackedUp } = verified.authenticationInfo;
    return { passkey, counter: newCounter, isBackedUp: credentialBackedUp };
  };

  return { party, ask, judge, proven };
}

/** An answer to a request without a named person must name the passkey's owner; otherwise the named owner must match. */
function isTheirs(passkey: PasskeyKept, { user }: Purpose, handle: string | undefined): boolean {
  if (user !== '' && user !== passkey.user) return false;
  if (!handle) return user !== '';
  return Buffer.from(handle, 'base64url').toString() === passkey.user;
}
