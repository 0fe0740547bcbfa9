import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import type { AccountAction } from '../audit/types.ts';

/** A person's permissions in one office: their strongest role there. */
export interface StaffOffice {
  id: number;
  code: string;
  role: StaffRole;
  /** Their desk as an agent, if any. */
  desk: number | null;
}

/** A person who is signed in with both factors. */
export interface StaffSession {
  id: string;
  /** Their account's id. */
  user: string;
  /** When this session last showed a second factor. */
  confirmedAt: Temporal.Instant;
  staff: number;
  name: string;
  email: string;
  operator: boolean;
  /** In the town's order; empty for an operator without a role in any office. */
  offices: StaffOffice[];
}

export type { StaffViewer };

/** A role to give: office and desk by their codes. */
export interface RoleGiven {
  office: string;
  role: StaffRole;
  desk?: string;
}

/** A person's role, by ids. */
export interface RoleHeld {
  office: number;
  /** A stored `StaffRole`. */
  role: string;
  /** Their desk as an agent, if any. */
  desk: number | null;
}

/** Audit actions about a person's sign-in and roles. */
export type StaffDeed = AccountAction;

export interface Person {
  email: string;
  name: string;
  operator?: boolean;
  roles: RoleGiven[];
}

export type Invitation =
  | { ok: true; url: string; expiresAt: Temporal.Instant }
  | { ok: false; reason: 'unknown_office' | 'unknown_desk' | 'not_email'; what: string };

/** A person who works here, for lists. */
export interface StaffListed {
  email: string;
  name: string;
  operator: boolean;
  state: 'ready' | 'invited' | 'retired';
  roles: { office: string; role: StaffRole; desk: string | null }[];
}

/** The data of the browser's request that the sign-in uses; the rest of the request is ignored. */
export interface Caller {
  /** The client's address, for rate limits. */
  address: string;
  userAgent: string;
  /** The Cookie header. */
  cookie: string;
}

/** `Set-Cookie` values to forward. */
export type Cookies = string[];

export type SignInResult =
  | { ok: true; cookies: Cookies }
  | { ok: false; reason: 'refused' }
  | { ok: false; reason: 'too_many' /** Seconds. */; retryAfter: number };

export type CodeResult =
  | { ok: true; cookies: Cookies }
  | { ok: false; reason: 'wrong_code' }
  | { ok: false; reason: 'start_again'; cookies: Cookies }
  | { ok: false; reason: 'too_many' /** Seconds. */; retryAfter: number };

/** The set-up progress of an invited person. */
export type SetupState =
  | { step: 'password'; email: string; name: string }
  | { step: 'code'; email: string; name: string; secret: string; uri: string };

/**
 * Why a password can't be chosen. `common`: common words and keyboard sequences; `breached`: it is on attackers' lists;
 * `local`: names of the town or its offices; `personal`: the person's own name or address.
 */
export type PasswordRefusal =
  | 'too_short'
  | 'too_long'
  | 'common'
  | 'breached'
  | 'local'
  | 'personal';

export type PasswordResult =
  | { ok: true }
  | { ok: false; reason: PasswordRefusal }
  | { ok: false; reason: 'gone' };

export type ConfirmResult =
  | { ok: true; recoveryCodes: string[] }
  | { ok: false; reason: 'wrong_code' | 'gone' }
  | { ok: false; reason: 'too_many' /** Seconds. */; retryAfter: number };

/** Credentials that demo mode shows publicly. */
export interface DemoAccess {
  email: string;
  password: string;
  /** Base32. */
  totpSecret: string;
  role: StaffRole;
  /** Code of the office. */
  office: string;
}
