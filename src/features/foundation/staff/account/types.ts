import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server';
import type { Cookies, PasswordRefusal } from '../types.ts';

/** Of the name that its owner gives a passkey. */
export const NAME_LENGTH = 60;

/** A passkey as its owner sees it. */
export interface PasskeySeen {
  id: string;
  name: string;
  createdAt: Temporal.Instant;
  lastUsedAt: Temporal.Instant | null;
  /** A copy is with the maker of the telephone or in a password manager. */
  isBackedUp: boolean;
}

export interface NewPasskey {
  id: string;
  user: string;
  name: string;
  credential: WebAuthnCredential;
  isBackedUp: boolean;
}

/** A session that lives. */
export interface SessionSeen {
  id: string;
  /** What its browser and system say that they are; null: nothing that we know. */
  browser: string | null;
  system: string | null;
  /** The network address; of IPv6 the network of a household. */
  address: string;
  createdAt: Temporal.Instant;
  lastSeenAt: Temporal.Instant;
  /** The one that asks. */
  isThis: boolean;
}

/** What somebody's account page shows. */
export interface AccountSeen {
  passkeys: PasskeySeen[];
  /** Recovery codes that still open. */
  recoveryCodes: number;
  /** Neither authenticator nor codes where somebody comes in by the town's own provider alone. */
  hasAuthenticator: boolean;
  hasPassword: boolean;
  sessions: SessionSeen[];
  /** Whether there are passkeys at this address at all. */
  takesPasskeys: boolean;
}

/** What a browser's script hands to `navigator.credentials`, and the cookie that the challenge is bound to. */
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

/** An authenticator that is to take the place of the old one; `sealed` brings the secret back with the first code. */
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
