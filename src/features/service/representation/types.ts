import type { GivenLevel } from '../../../domain/identity.ts';

/** One of the two people of an authorisation: who acts, or for whom. */
export type Side = 'representative' | 'represented';

/** Somebody as they were named, or as their provider says. */
export interface Named {
  /** Null: they erased their folder. */
  person: string | null;
  /** Empty: it isn't known any more. */
  name: string;
  /** Four characters of the identifier; empty: it isn't known any more. */
  masked: string;
}

/** The other person, as whoever asked typed them. It is sealed. */
export interface Other {
  name: string;
  /** A DNI or NIE. */
  identifier: string;
}

/**
 * How an authorisation stands. `asked`: it waits for an official; `valid`: somebody may act by it; `refused`: by an official; `ended`:
 * somebody ended it; `over`: its last day has passed.
 */
export type RepresentationState = 'asked' | 'valid' | 'refused' | 'ended' | 'over';

/** An authorisation of one person to act for another one with an office (Ley 39/2015, art. 5). */
export interface Representation {
  id: string;
  office: number;
  /** Who asked for it. A represented person gives it thereby. */
  askedBy: Side;
  representative: Named;
  represented: Named;
  /** Codes of the procedures that it is for; empty: all of the office. */
  procedures: readonly string[];
  /** Whether the representative also opens, and rejects, what is notified to the represented person. */
  opens: boolean;
  /** The appointment whose documents have the signed authorisation; null: the represented person gave it, identified. */
  appointment: string | null;
  document: string | null;
  state: RepresentationState;
  /** Why an official refused or ended it. */
  reason: string;
  askedAt: Temporal.Instant;
  /** The actor who accepted or refused it (see `actorOf`). */
  settledBy: string | null;
  settledAt: Temporal.Instant | null;
  /** The end of its last day; of one that was ended, that instant. */
  endsAt: Temporal.Instant;
  endedBy: string | null;
}

/** An authorisation by which somebody acts in a session. */
export interface Acting {
  id: string;
  /** The represented person; empty: there is no such authorisation any more. */
  name: string;
  office: number | null;
  procedures: readonly string[];
  /** Whether it is also for what is notified to the represented person. */
  opens: boolean;
  /** Whether it is valid now. */
  isValid: boolean;
  endsAt: Temporal.Instant | null;
}

/** Why somebody can't book something for the person for whom they act: see `obstacleTo`. */
export type ActingObstacle = 'over' | 'office' | 'procedure' | 'on_behalf' | 'later';

/** What a person typed and chose. */
export interface Typed {
  name: string;
  identifier: string;
  /** A day as forms have it, `2027-12-31`. */
  until: string;
  /** Whether it is for every procedure of the office, or for those of `procedures`; empty: nothing was chosen. */
  scope: string;
  procedures: readonly string[];
  /** Whether it is also to open, and reject, what is notified to the represented person. */
  opens: boolean;
  /** The id of the appointment that has the signed document; only whoever asks to act needs one. */
  appointment: string;
}

/** `self`: it is the identifier of the person themselves. */
export type TypedMistakes = Partial<Record<keyof Typed, 'missing' | 'wrong' | 'self'>>;

/** What was typed, checked. */
export interface Checked {
  other: Other;
  endsAt: Temporal.Instant;
  procedures: readonly string[];
  opens: boolean;
}

/** The level from which an authorisation is asked for, given and used. */
export const ACTING_LEVEL: GivenLevel = 'substantial';

/** Why an official can't accept or refuse an authorisation, or end it: see `decisionRefusal`. */
export type DecisionRefusal = 'no_right' | 'attending' | 'own';

/** An appointment with whose documents a signed authorisation can be handed over. */
export interface AskedWith {
  id: string;
  link: number;
  reference: string;
  start: Temporal.Instant;
}

/** What an official sees of authorisations around an appointment. */
export interface Around {
  /** Those that were asked for with its documents. */
  asked: readonly Representation[];
  /** The one with which it was booked; null: it was booked without one. */
  by: Representation | null;
}
