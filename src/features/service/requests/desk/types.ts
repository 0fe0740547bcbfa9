import type { RequestKind } from '../../../../domain/requests/kinds.ts';
import type { RequestStep } from '../../../../domain/requests/states.ts';
import type { RequestRow } from '../types.ts';
import type { RequestWorkResult } from '../working/types.ts';

/**
 * The parts of the inbox of requests. `open`: all that are not closed; `unrouted`: no team has it and nobody handles it, so whoever coordinates gives
 * it to one; `take`: nobody handles it; `mine`: the viewer does; `team`: it is of a team of the viewer; `waiting`: for the person; `soon`: due within
 * some working days; `overdue`: it should have been answered; `call`: its person wants to be called and was not, also when it is closed; `closed`: answered, refused or merged.
 */
export const REQUEST_GROUPS = [
  'open',
  'unrouted',
  'take',
  'mine',
  'team',
  'waiting',
  'soon',
  'overdue',
  'call',
  'closed',
] as const;
export type RequestGroup = (typeof REQUEST_GROUPS)[number];

/** Which requests somebody wants to see. */
export interface RequestFilter {
  group: RequestGroup;
  /** The code of a type. */
  type?: string;
  kind?: RequestKind;
  /** The code of an area; null: in none. */
  area?: string | null;
  /** The code of a team; null: of none. */
  team?: string | null;
  /** The member of staff who handles it; null: nobody does. */
  assignee?: number | null;
  /** A reference, whole. */
  reference?: string;
}

/** A request in the inbox. */
export interface RequestInboxRow
  extends Pick<
    RequestRow,
    | 'id'
    | 'reference'
    | 'type'
    | 'kind'
    | 'state'
    | 'address'
    | 'area'
    | 'team'
    | 'assignee'
    | 'due'
    | 'closedAt'
    | 'version'
  > {
  sentAt: Temporal.Instant;
  /** The beginning of what was written. */
  extract: string;
  /** How many people follow it. */
  followers: number;
  /** Whether its person wrote something that nobody has seen. */
  hasMessage: boolean;
  /** Whether somebody has to call its person. */
  owesCall: boolean;
}

/** A page of the inbox. */
export interface RequestInboxPage {
  rows: readonly RequestInboxRow[];
  /** How many requests each part has, with the other filters. */
  counts: Readonly<Record<RequestGroup, number>>;
  /** What the next page begins after; null: this is the last one. */
  next: string | null;
}

/** An open request by its reference, without anybody's words. */
export type NumberedRequest = Pick<RequestRow, 'id' | 'reference' | 'type'>;

/** A request that may be the same as another one, as an official sees it. */
export interface NearRequest
  extends Pick<RequestRow, 'id' | 'reference' | 'state' | 'address' | 'point' | 'version'> {
  sentAt: Temporal.Instant;
  /** The beginning of what was written. */
  extract: string;
  /** Whole metres from the other one; null: one of the two has no point. */
  metres: number | null;
  followers: number;
}

/** A request as it was seen in the list. */
export interface SeenRequest {
  id: string;
  seen: number;
}

/** What is done with several requests at once. */
export type BulkDeed =
  | { do: 'give'; assignee: number | null }
  | { do: 'route'; team: string | null; reason?: string }
  | { do: 'step'; step: BulkStep; words?: string; template?: string; reason?: string }
  /** `target`: the reference of the one that stays, which may be among them. */
  | { do: 'merge'; target: string };

/** The steps that can be taken with several requests at once. */
export const BULK_STEPS = ['plan', 'begin', 'answer', 'refuse'] as const satisfies RequestStep[];
export type BulkStep = (typeof BULK_STEPS)[number];

/** What came of each request, in the order in which they were given. */
export type BulkResult = readonly { id: string; result: RequestWorkResult }[];

/** What an official lets everybody see of a request. */
export interface ShownOfRequest {
  /** Whether its words may be read. */
  text: boolean;
  /** What is left of them, where some were cut out; null: they are as they were written. */
  words: string | null;
  /** The ids of the photos that may be seen. */
  photos: readonly string[];
}

/** The sides of a photo in pixels, as it is seen. */
export type PhotoSides = readonly [width: number, height: number];
