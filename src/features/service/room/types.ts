import type { GivenLevel } from '../../../domain/identity.ts';
import type { Asking } from '../identifying/types.ts';

/** Who somebody is in the room of a video appointment; in the order in which they offer connections (docs/protocol.md). */
export const SIDES = ['agent', 'citizen', 'companion', 'colleague'] as const;
export type Side = (typeof SIDES)[number];

/** Whose place it is: `companion` and `colleague` say which one. */
export interface Party {
  side: Side;
  companion: string | null;
  /** The request that a colleague of the agent said yes to. */
  colleague: string | null;
}

/** A page of a browser that is in a room. */
export interface Seat extends Party {
  id: string;
  office: number;
  appointment: string;
  /** The agent's or the colleague's id; null: of the others. */
  staff: number | null;
}

/** Somebody else in the room, as a page is told of them. */
export interface Person {
  seat: string;
  side: Side;
  name: string;
  /** Whether they were let in. Only the agent is told of those who wait. */
  isIn: boolean;
  /** The companion's id, for letting them in. */
  companion: string | null;
  /** Whether the page that is told offers the connection, or they do. */
  offers: boolean;
}

/** The agent who had the call and the agent who has it since, by their first names; '' where the office gives none. */
export interface HandedOver {
  from: string;
  to: string;
}

/**
 * How a room stands, seen from a seat. `over`: it is no more; `taken`: another page of theirs is there instead; `handed`: another
 * agent has the call now.
 */
export interface RoomState {
  phase: 'waiting' | 'admitted' | 'over' | 'taken' | 'handed';
  people: Person[];
  /** The first names of colleagues who said that they join the call, and are not in it. */
  coming: string[];
  /** Null: it wasn't handed over in the last minutes. */
  handed: HandedOver | null;
  /** Who asked to go on by telephone; null: nobody. */
  byPhone: Side | null;
  /** Whether a picture of a document may be kept, for the two whom it concerns; null: it isn't asked. */
  still: StillState | null;
  /** Whether the citizen is asked to identify, for the two whom it concerns; null: they are not. */
  identity: IdentityAsked | null;
  /** The act that the citizen is asked to consent to, by id, told to them alone; null: none. */
  act: string | null;
  /** The form that the citizen fills in with the agent, by the id of its case, told to them alone; null: none. */
  form: string | null;
  /** How many results the citizen can fetch and has not opened, told to them alone. */
  papers: number;
}

/** What became of the request to identify; `level`: what is asked, while it is open. */
export interface IdentityAsked {
  state: Asking['state'];
  level: GivenLevel | null;
}

/** `asked`: the citizen hasn't answered; `agreed`: one picture may be taken. */
export type StillState = 'asked' | 'agreed' | 'refused';

/** Something that was written in the call. */
export interface Message {
  id: string;
  side: Side;
  name: string;
  isMine: boolean;
  text: string;
}

/** What somebody lets the others know of their own picture and sound. */
export interface Media {
  camera: boolean;
  microphone: boolean;
  /** A window or a screen is shown beside the camera. */
  screen: boolean;
  /** “One moment”: they neither hear nor see, and aren't heard nor seen. */
  hold: boolean;
  /** Their page is not in sight while they identify elsewhere: some devices stop the camera then. */
  away: boolean;
  signing: boolean;
  /** The network is too slow for pictures: they come back by themselves. */
  saving: boolean;
  /** They ask for captions of the call. */
  captions: boolean;
  /** Their own speech is being turned into text. */
  captioned: boolean;
}

/** What two browsers tell each other (docs/protocol.md). `call` names the connection that it is about. */
export type Signal =
  | { type: 'offer' | 'answer'; call: string; sdp: string }
  | { type: 'candidate'; call: string; candidate: string; mid: string | null; line: number | null }
  | { type: 'need'; call: string; what: 'restart' | 'rebuild' }
  | ({ type: 'media' } & Media);
