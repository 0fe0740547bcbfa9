import type { AddressKind } from '../../../domain/address.ts';

/**
 * A change of an address or the link. `set`: it was changed; `confirmed`: the citizen, proved by another address, confirmed
 * it; `vouched`: a second member of staff checked the citizen's identity; `disputed`: the person at the former address
 * objected; `link_given`: an actor other than the citizen was given the link (printed it, or asked the API).
 */
export type StepKind = 'set' | 'confirmed' | 'vouched' | 'disputed' | 'link_given';

/** One step in the history of an appointment's addresses and link. */
export interface Step {
  kind: StepKind;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  /** Null for `link_given`. */
  address: AddressKind | null;
  /** Hash of the address; null: it was removed. */
  hash: string | null;
  /** For `set`: hash of the former address; null: there was none. */
  before: string | null;
  /** For `set`: by the citizen, in a proved browser. */
  proved: boolean;
  /** The number of the link (see `Appointment.link`): that was given, or that is valid after a `set`. */
  link: number | null;
  /** For `set`: when the first notice about it reached a former address; null: none has. */
  toldAt: Temporal.Instant | null;
}

/** The state of a citizen's address. */
export interface AddressStanding {
  /** Its author (see `actorOf`): for an address of the booking, the actor who booked. */
  setBy: string;
  /** Null: at the booking. */
  setAt: Temporal.Instant | null;
  /** `trusted`: codes may go there. `frozen`: not yet. */
  state: 'trusted' | 'frozen';
  /** For a frozen one: when codes may go there, unless there is an objection; null: time alone isn't enough. */
  until: Temporal.Instant | null;
  /**
   * Members of staff and tokens who may control it: they set it, or it was set or confirmed
   * on the page with a link or a code that they could have had. Empty once a second member of staff vouched for it.
   */
  heldBy: readonly string[];
}

/** An actor other than the citizen was given the present link. */
export interface LinkCopy {
  by: string;
  at: Temporal.Instant;
}

/** The state of an appointment's addresses and link. Null: there is no such address. */
export interface Standing {
  email: AddressStanding | null;
  phone: AddressStanding | null;
  copies: LinkCopy[];
}

/** The data of an appointment that determines where codes go. */
export interface Reached {
  id: string;
  office: number;
  citizen: { email: string | null; phone: string | null };
  /** Number of link replacements. */
  link: number;
}

/** The target of a code, and its author. */
export interface CodeWay {
  channel: 'email' | 'sms';
  recipient: string;
  setBy: string;
}

/** `none`: no address for codes. `frozen`: there is one, and codes may go there from `until` on (null: time alone isn't enough). */
export type WayResult =
  | { ok: true; way: CodeWay }
  | { ok: false; reason: 'none' }
  | { ok: false; reason: 'frozen'; until: Temporal.Instant | null };

/** The state of a notice's change. `over`: the address has changed again, or the change is unknown. */
export type ToldState = 'open' | 'disputed' | 'over';

/** The purpose of a code: the documents of an appointment, consent to one act, or to hand in one case. Each has separate codes. */
export type CodePurpose = 'documents' | `act ${string}` | `case ${string}`;

/** The target of a code at the time of sending. It contains no personal data. */
export interface SentTo {
  channel: 'email' | 'sms';
  /** The last digits of a number, or a mail address with a hidden name. */
  masked: string;
  /** The author of that address at the time (see `actorOf`). */
  setBy: string;
}

/** A code's record, without the code itself. */
export interface MadeCode extends SentTo {
  id: string;
  madeAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  tries: number;
  endedAt: Temporal.Instant | null;
}
