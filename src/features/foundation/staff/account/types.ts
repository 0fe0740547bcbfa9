import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server';
import type { Cookies, PasswordRefusal } from '../types.ts';

/** Maximum length of a passkey's name. */
export const NAME_LENGTH = 60;

/** A passkey, as shown to its owner. */
export interface PasskeySeen {
  id: string;
  name: string;
  createdAt: Temporal.Instant;
  lastUsedAt: Temporal.Instant | null;
  /** A copy is at the telephone's manufacturer or in a password manager. */
  isBackedUp: boolean;
}

export interface NewPasskey {
  id: string;
  user: string;
  name: string;
  credential: WebAuthnCredential;
  isBackedUp: boolean;
}

/** A valid session. */
export interface SessionSeen {
  id: string;
  /** Browser and system; null: unknown. */
  browser: string | null;
  system: string | null;
  /** The network address; for IPv6, the network of a household. */
  address: string;
  createdAt: Temporal.Instant;
  lastSeenAt: Temporal.Instant;
  /** Whether it is the session of the request. */
  isThis: boolean;
}

/** The data of a person's account page. */
export interface AccountSeen {
  passkeys: PasskeySeen[];
  /** Number of unused recovery codes. */
  recoveryCodes: number;
  /** False for both when the person signs in only by the town's own provider. */
  hasAuthenticator: boolean;
  hasPassword: boolean;
  sessions: SessionSeen[];
  /** Whether this address can have passkeys. */
  takesPasskeys: boolean;
}

/** The options for `navigator.credentials`, and the cookie to which the challenge is bound. */
export interface Offered<T> {
  options: T;
  cookies: Cookies;
}
export type SignInOptions = Offered<PublicKeyCredentialRequestOptionsJSON>;
export type AddOptions = Offered<PublicKeyCredentialCreationOptionsJSON>;

export type PasskeySignIn = { ok: true; cookies: Cookies } | { ok: false };

/** `stale`: the second factor was shown too long ago. */
export type AddResult =
  | { ok: true }
  | { ok: false; reason: 'stale' | 'refused' | 'known' | 'too_many' };

export type Confirmed =
  | { ok: true }
  | { ok: false; reason: 'wrong_code' }
  | { ok: false; reason: 'too_many' /** Seconds. */; retryAfter: number };

/** An authenticator that will replace the old one; `sealed` contains the secret until the first code. */
export interface NewAuthenticator {
  secret: string;
  uri: string;
  sealed: string;
}

export type ReplaceResult = { ok: true } | { ok: false; reason: 'stale' | 'wrong_code' | 'gone' };

export type PasswordChange =
  | { ok: true; cookies: Cookies }
  | { ok: false; reason: 'stale' | 'wrong' | PasswordRefusal }
  | { ok: false; reason: 'too_many' /** Seconds. */; retryAfter: number };
