import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import type { AccountAction } from '../audit/types.ts';

/** What a person may do in one office. Somebody with several roles there has the strongest. */
export interface StaffOffice {
  id: number;
  code: string;
  role: StaffRole;
  /** The desk they attend from, if any. */
  desk: number | null;
}

/** Somebody signed in with both factors. */
export interface StaffSession {
  id: string;
  /** The account that they sign in with. */
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

/** A role that somebody has, by ids. */
export interface RoleHeld {
  office: number;
  /** A `StaffRole`, as it is kept. */
  role: string;
  /** The desk they attend from, if any. */
  desk: number | null;
}

/** What the audit trail tells of somebody's way in and of their roles. */
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

/** What the browser sent that signing in needs: nothing else of the request is believed. */
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

/** How far an invited person has come. */
export type SetupState =
  | { step: 'password'; email: string; name: string }
  | { step: 'code'; email: string; name: string; secret: string; uri: string };

/**
 * Why a password can't be chosen. `common`: common words and runs of the keyboard; `breached`: attackers have lists with it;
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

/** A log-in that demo mode shows to everybody. */
export interface DemoAccess {
  email: string;
  password: string;
  /** Base32. */
  totpSecret: string;
  role: StaffRole;
  /** Code of the office. */
  office: string;
}
