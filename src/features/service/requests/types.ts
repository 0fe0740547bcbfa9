import type { MapPoint } from '../../../domain/requests/areas.ts';
import type { RequestKind } from '../../../domain/requests/kinds.ts';
import type { RequestState } from '../../../domain/requests/states.ts';
import type { Language } from '../../../lib/i18n/languages.ts';

/** Through which a request came. */
export const REQUEST_DOORS = ['online', 'phone', 'video', 'in_person', 'chat', 'api'] as const;
export type RequestDoor = (typeof REQUEST_DOORS)[number];

/** How somebody wants to hear of a request: by a message, by a call of an official, or only when they look at its page. */
export const TELL_BY = ['email', 'sms', 'call', 'page'] as const;
export type TellBy = (typeof TELL_BY)[number];

/** Where something is. */
export interface RequestPlace {
  /** Null: nobody marked it. */
  point: MapPoint | null;
  /** In words: an address, or how to find it; empty: none. */
  address: string;
  /** The code of the district; null: unknown, or in none. */
  area: string | null;
}

/** The answers to the questions of a type, by their ids: a text, or the ids of what was chosen. */
export type RequestAnswers = Readonly<Record<string, string | readonly string[]>>;

/** What its person writes. */
export interface WrittenRequest extends RequestPlace {
  text: string;
  answers: RequestAnswers;
}

/** Who sent a request, and how they want to hear of it. */
export interface RequestPerson {
  /** Null: nobody said it yet. */
  tellBy: TellBy | null;
  isAnonymous: boolean;
  name: string;
  email: string | null;
  /** E.164. */
  phone: string | null;
}

/** A request as its row has it. */
export interface RequestRow extends WrittenRequest, RequestPerson {
  id: string;
  office: number;
  reference: string;
  /** How often its link was replaced. */
  link: number;
  /** The code of its type. */
  type: string;
  kind: RequestKind;
  door: RequestDoor;
  /** Of what is written to its person. */
  language: Language;
  /** The encounter in which an official wrote it down. */
  encounter: string | null;
  /** See `actorOf`. */
  madeBy: string;
  changedAt: Temporal.Instant;
  /** Null: it is being written, and nobody of the office sees it. */
  sentAt: Temporal.Instant | null;
  /** Whether its type was public when it was sent, so that its person was told. */
  isPublic: boolean;
  state: RequestState;
  stateAt: Temporal.Instant;
  /** Rises with each change after it was sent. */
  version: number;
  /** Why it was refused: a code of the office, or `WITHDRAWN`. */
  reason: string | null;
  mergedInto: string | null;
  /** The identified person who sent it. */
  person: string | null;
  /** The code of the team; null: whoever coordinates gives it to one. */
  team: string | null;
  /** The id of a member of staff. */
  assignee: number | null;
  /** When it came, or was reopened last. */
  since: Temporal.Instant | null;
  /** The last local day to answer it; null: it has no term, or it stands still. */
  due: Temporal.PlainDate | null;
  closedAt: Temporal.Instant | null;
  /** When its person was told for the last time that they were asked something; null: they were not, or it moved on. */
  lastCallAt: Temporal.Instant | null;
  /** Since when somebody has to call its person, who wants to be told so; null: there is nothing to tell. */
  callOwedAt: Temporal.Instant | null;
  reopened: number;
  /** When its person took it back while others go on with it; null: they have not. */
  leftAt: Temporal.Instant | null;
  /** What the office answered to everybody who told the same; empty: nothing. It has no names. */
  answerForAll: string;
  anonymisedAt: Temporal.Instant | null;
}

/** The reason of a request that its person took back. */
export const WITHDRAWN = 'withdrawn';
/** The reason of a request that was closed since its person never said what they were asked. */
export const UNANSWERED = 'unanswered';

export const REQUEST_EVENTS = [
  'sent',
  'moved',
  'assigned',
  'message',
  'followed',
  'unfollowed',
  'merged_here',
  'surveyed',
  'anonymised',
  'left',
  'link_given',
  'last_call',
  'called',
] as const;
export type RequestEventKind = (typeof REQUEST_EVENTS)[number];

/** What happened to a request: codes and ids, and nobody's words. */
export interface RequestEvent {
  id: number;
  at: Temporal.Instant;
  /** See `actorOf`. */
  actor: string;
  kind: RequestEventKind;
  from: RequestState | null;
  to: RequestState | null;
  data: RequestEventData;
}

export interface RequestEventData {
  /** The step of the state table, or `withdraw`. */
  step?: string;
  /** Why it was refused, or sent back to whoever coordinates. */
  reason?: string;
  team?: string | null;
  teamBefore?: string | null;
  assignee?: number | null;
  assigneeBefore?: number | null;
  /** The request with which it was merged, or which was merged with it. */
  request?: string;
  side?: 'office' | 'person';
}

/** What one side wrote to the other. */
export interface RequestMessage {
  id: string;
  number: number;
  at: Temporal.Instant;
  side: 'office' | 'person';
  /** See `actorOf`. */
  by: string;
  text: string;
  /** Of the person's: when an official first had it on their screen. */
  seenAt: Temporal.Instant | null;
}

/** What an official wrote for colleagues. */
export interface RequestNote {
  id: number;
  at: Temporal.Instant;
  by: string;
  text: string;
}

/** A photo as those see it who may open the request. */
export interface RequestPhoto {
  id: string;
  /** `checking`: nobody opens it yet; `refused`: its check refused it. */
  standing: 'here' | 'checking' | 'refused';
  /** Bytes. */
  size: number;
}

/** A request that is like one that is being written: what anybody may see of it. */
export interface SimilarRequest {
  id: string;
  reference: string;
  state: RequestState;
  sentAt: Temporal.Instant;
  area: string | null;
  /** Whether its place has the same words. Other people's words are not shown. */
  isSameAddress: boolean;
  /** Less than so many metres lie between the two points, in steps; null: one of them has none. */
  metres: number | null;
  /** How many people said that they have seen it too. */
  followers: number;
}

/** Somebody who follows a request. */
export interface Follower {
  id: string;
  request: string;
  language: Language;
  tellBy: TellBy;
  email: string | null;
  phone: string | null;
  at: Temporal.Instant;
  /** When they first opened their link; null: nothing but the first message goes to their address. */
  confirmedAt: Temporal.Instant | null;
  leftAt: Temporal.Instant | null;
}
