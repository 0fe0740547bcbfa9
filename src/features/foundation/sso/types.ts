import type { Cookies } from '../staff/types.ts';

/** Who somebody is at the town's provider. */
export interface Vouched {
  /** Never changes and names nobody else, unlike their address. */
  subject: string;
  /** Null: none, or the provider doesn't say that it is theirs. */
  email: string | null;
  /** Whether it asked them for a second factor. */
  secondFactor: boolean;
}

/**
 * Why the provider's answer opens nothing. `cancelled`: it, or the person, said no; `away`: it didn't answer, or not in time;
 * `clock`: its clock and ours disagree; `refused`: what it said isn't right.
 */
export type ProviderFailure = 'cancelled' | 'away' | 'clock' | 'refused';

/**
 * Why nobody came in. `gone`: the attempt is over, was used already, or began in another browser; `unknown`: nobody who works
 * here; `unverified`: the provider doesn't say whose address it is; `taken`: the person comes in as somebody else there;
 * `set_up`: they must have a second factor of ours first.
 */
export type SsoFailure = ProviderFailure | 'gone' | 'unknown' | 'unverified' | 'taken' | 'set_up';

export type SsoStart =
  | { ok: true; url: string; cookies: Cookies }
  | { ok: false; reason: ProviderFailure };

export type SsoEnd =
  /** `step`: they are in, or our code is still to be entered. */
  | { ok: true; step: 'in' | 'code'; next: string; cookies: Cookies }
  | { ok: false; reason: SsoFailure };
