import type { RequestStep } from '../../../../domain/requests/states.ts';
import type { ShownOfRequest } from '../desk/types.ts';
import type {
  RequestEvent,
  RequestMessage,
  RequestNote,
  RequestPhoto,
  RequestRow,
} from '../types.ts';

/** A request as its viewer sees it. */
export interface RequestLook {
  row: RequestRow;
  events: readonly RequestEvent[];
  messages: readonly RequestMessage[];
  photos: readonly RequestPhoto[];
  /** How many people follow it. */
  followers: number;
  /** The request with which it was merged; null: none. */
  into: Pick<RequestRow, 'id' | 'reference' | 'state' | 'answerForAll'> | null;
}

/** The same for its own person. */
export interface OwnRequest extends RequestLook {
  mayWithdraw: boolean;
  mayReopen: boolean;
  /** Until when it may be reopened; null: it may not. */
  reopenUntil: Temporal.Instant | null;
  mayWrite: boolean;
  /** What everybody sees of what they sent; null: nothing of its type is public, or it is over. */
  shown: ShownOfRequest | null;
  /** The last day on which their answer is waited for; null: they were not told for the last time. */
  lapsesAfter: Temporal.PlainDate | null;
  asksOpinion: boolean;
}

/** The same for an official. */
export interface RequestWork extends RequestLook {
  notes: readonly RequestNote[];
  /** The requests that were merged with it. */
  merged: readonly Pick<RequestRow, 'id' | 'reference' | 'sentAt'>[];
  /** The steps that can be taken now; none where the viewer may only look. */
  steps: readonly RequestStep[];
  /** Whether the viewer may do something with it. */
  mayHandle: boolean;
  /** Names of the staff in it, by their ids. */
  names: ReadonlyMap<number, string>;
}

/** A request as those see it who follow it: nobody's words. */
export interface FollowedRequest {
  id: string;
  reference: string;
  type: string;
  state: RequestRow['state'];
  area: string | null;
  sentAt: Temporal.Instant | null;
  /** What the office answered to everybody who told the same; empty: nothing. */
  answerForAll: string;
  /** What happened that can be told to anybody. */
  events: readonly RequestEvent[];
  hasLeft: boolean;
  /** Whether their link was opened for the first time. */
  isNew: boolean;
  isTold: boolean;
}
