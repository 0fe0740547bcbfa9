import type { Cookies } from '../staff/types.ts';

/** A person's identity at the town's provider. */
export interface Vouched {
  /** Permanent and unique, unlike their address. */
  subject: string;
  /** Null: there is none, or the provider doesn't confirm it. */
  email: string | null;
  /** Whether the provider checked a second factor. */
  secondFactor: boolean;
}

/**
 * Why the provider's answer is refused. `cancelled`: the provider or the person refused; `away`: no answer in time;
 * `clock`: its clock differs from ours; `refused`: the answer isn't valid.
 */
export type ProviderFailure = 'cancelled' | 'away' | 'clock' | 'refused';

/**
 * Why a sign-in failed. `gone`: the attempt is over, was used already, or began in another browser; `unknown`: the person isn't
 * staff; `unverified`: the provider doesn't confirm the address; `taken`: the person is bound to another identity there;
 * `set_up`: they must set up a second factor here first.
 */
export type SsoFailure = ProviderFailure | 'gone' | 'unknown' | 'unverified' | 'taken' | 'set_up';

export type SsoStart =
  | { ok: true; url: string; cookies: Cookies }
  | { ok: false; reason: ProviderFailure };

export type SsoEnd =
  /** `step`: they are signed in, or our code must still be entered. */
  | { ok: true; step: 'in' | 'code'; next: string; cookies: Cookies }
  | { ok: false; reason: SsoFailure };
