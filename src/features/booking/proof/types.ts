import type { AddressKind } from '../../../domain/address.ts';

/**
 * What happened to an address or to the link. `set`: it was changed; `confirmed`: the citizen, proved by another address, said that
 * it is theirs; `vouched`: a second member of staff checked who they are; `disputed`: whoever was reached at the address before
 * said that it wasn't them; `link_given`: somebody other than the citizen was given the link (printed it, or asked the API).
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
  /** Hash of the address that it is about; null: there is none any more. */
  hash: string | null;
  /** For `set`: hash of the address before; null: there was none. */
  before: string | null;
  /** For `set`: by the citizen, in a browser that was proved. */
  proved: boolean;
  /** For `link_given`: which link (see `Appointment.link`). */
  link: number | null;
  /** For `set`: when the first notice about it reached an address of before; null: none has. */
  toldAt: Temporal.Instant | null;
}

/** How an address stands that a citizen has. */
export interface AddressStanding {
  /** Who set it (see `actorOf`): for an address of the booking, whoever booked. */
  setBy: string;
  /** Null: with the booking. */
  setAt: Temporal.Instant | null;
  /** `trusted`: codes may go there. `frozen`: not yet. */
  state: 'trusted' | 'frozen';
  /** Of a frozen one: from when on codes may go there, unless somebody objects; null: time alone won't do. */
  until: Temporal.Instant | null;
  /**
   * Members of staff and tokens who could be at the other end of it, for all that is known: they set it, or it was set or confirmed
   * by whoever opened the page with a link or a code that they could have had. None once a second member of staff vouched for it.
   */
  heldBy: readonly string[];
}

/** Somebody other than the citizen was given the link that opens the appointment now. */
export interface LinkCopy {
  by: string;
  at: Temporal.Instant;
}

/** How an appointment's addresses and link stand. Null: there is no such address. */
export interface Standing {
  email: AddressStanding | null;
  phone: AddressStanding | null;
  copies: LinkCopy[];
}

/** What of an appointment decides where codes go. */
export interface Reached {
  id: string;
  office: number;
  citizen: { email: string | null; phone: string | null };
  /** How often its link was replaced. */
  link: number;
}

/** Where a code goes, and who set that address. */
export interface CodeWay {
  channel: 'email' | 'sms';
  recipient: string;
  setBy: string;
}

/** `none`: there is no address that a code reaches. `frozen`: there is, and codes may go there from `until` on (null: time alone won't do). */
export type WayResult =
  | { ok: true; way: CodeWay }
  | { ok: false; reason: 'none' }
  | { ok: false; reason: 'frozen'; until: Temporal.Instant | null };

/** What became of the change that a notice told of. `over`: the address has changed again, or nothing is known of it any more. */
export type ToldState = 'open' | 'disputed' | 'over';

/** What a code is for: the papers of an appointment, or consenting to one act. Each has codes of its own. */
export type CodePurpose = 'documents' | `act ${string}`;

/** Where a code was sent, as it stood then. It names nobody. */
export interface SentTo {
  channel: 'email' | 'sms';
  /** The last digits of a number, or a mail address with its name hidden. */
  masked: string;
  /** Who had set that address (see `actorOf`). */
  setBy: string;
}

/** A code that was made, without the code itself. */
export interface MadeCode extends SentTo {
  id: string;
  madeAt: Temporal.Instant;
  expiresAt: Temporal.Instant;
  tries: number;
  endedAt: Temporal.Instant | null;
}
