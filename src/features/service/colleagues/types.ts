import type { Channel } from '../../../domain/channel.ts';
import type { EncounterLanguage } from '../../../lib/i18n/languages.ts';
import type { ColleagueViewer } from '../../../lib/viewer.ts';
import type { State } from '../presence/types.ts';

export const KINDS = ['join', 'hand_over'] as const;
/** What a colleague is asked for: to join the video call, or to have the encounter from now on. */
export type RequestKind = (typeof KINDS)[number];

export const ANSWERS = ['accepted', 'declined', 'withdrawn', 'lapsed'] as const;
/** `withdrawn`: whoever asked took it back; `lapsed`: nobody answered in time, or the encounter ended. */
export type RequestAnswer = (typeof ANSWERS)[number];

/** One of the two people of a request. */
export interface Involved {
  /** Of the staff. */
  staff: number;
  /** The whole name. Empty: forgotten. */
  name: string;
}

/** A request to a colleague about an encounter. */
export interface ColleagueRequest {
  id: string;
  office: number;
  appointment: string;
  kind: RequestKind;
  from: Involved;
  /** `desk`: an id; null: they have none. */
  to: Involved & { desk: number | null };
  note: string;
  askedAt: Temporal.Instant;
  answer: RequestAnswer | null;
  answeredAt: Temporal.Instant | null;
  /** When the colleague's place in the call ended. */
  endedAt: Temporal.Instant | null;
}

/** `asked`: it waits for an answer; `in`: a colleague has a place in the call; `over`: nothing follows from it any more. */
export type RequestState = 'asked' | 'in' | 'over' | Exclude<RequestAnswer, 'accepted'>;

/** Why a colleague can't be asked. `asked`, `in`: they were asked already. */
export type Objection =
  | 'asked'
  | 'in'
  | 'in_call'
  | 'break'
  | 'away'
  | 'skill'
  | 'language'
  | 'channel'
  | 'site';

/** Somebody who works in the office. */
export interface Colleague {
  staff: number;
  name: string;
  role: string;
  desk: number | null;
}

/** A colleague who may be asked, and how their desk stands. */
export interface Candidate extends Colleague {
  /** Null: nothing is known, since they have no desk. */
  state: State | null;
  /** Null: they can be asked. */
  objection: Objection | null;
}

/** What is asked of a colleague. */
export interface Wish {
  kind: RequestKind;
  /** Whom, of the staff. */
  to: number;
  note: string;
}

/** A request that waits for the reader's answer, with what they need to decide. */
export interface Waiting extends ColleagueRequest {
  /** Code. */
  procedure: string;
  channel: Channel;
  language: string;
}

/** The place of a colleague in a video call, for their own page. */
export interface Place {
  request: ColleagueRequest;
  state: RequestState;
  /** The citizen's name. */
  citizen: string;
  /** The language of the call. */
  language: EncounterLanguage;
  /** Whether typed text is shown at once. */
  isLive: boolean;
  /** With this viewer they are in the room. */
  viewer: ColleagueViewer;
}

type Refused<R extends string> = { ok: false; reason: R };

/** `in_hand`: the encounter is being offered to somebody else; `full`: four people are in the call. */
export type AskResult =
  | { ok: true }
  | Refused<'not_found' | 'not_open' | 'unknown' | 'too_long' | 'no_room' | 'full' | 'in_hand'>
  | Refused<Objection>;

/** `late`: it waits for no answer any more; `busy`: they are in another call. */
export type AnswerResult =
  | { ok: true; request: ColleagueRequest }
  | Refused<'not_found' | 'late' | 'busy'>;

export type EndResult = { ok: true } | Refused<'not_found'>;
