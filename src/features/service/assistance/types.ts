import type { Appointment, Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';

/** What was typed into the search, understood. Whatever is null is not looked for. */
export interface Sought {
  /** Parts of a name, each of which must be in it. */
  name: string[] | null;
  /** Digits, without the plus sign. `whole`: all of a number in E.164. */
  phone: { digits: string; whole: boolean } | null;
  /** A part of an address, in lower case. */
  email: string | null;
  /** As it is kept: K7M-2QX. */
  reference: string | null;
}

/** An appointment in the results: enough to tell which it is. */
export interface Found {
  id: string;
  reference: string;
  start: Temporal.Instant;
  status: Status;
  channel: Channel;
  /** Id of the desk. */
  desk: number;
  name: string;
  onBehalfOf: string | null;
  /** Code. */
  procedure: string;
  /** Codes of the further procedures. */
  further?: readonly string[];
}

export type SearchResult =
  | {
      ok: true;
      found: Found[];
      /** There are more than these. */
      more: boolean;
      /** The one whose whole reference was typed. */
      exact: string | null;
    }
  /** `too_short`: it would find nearly everybody. */
  | { ok: false; reason: 'too_short' | 'not_allowed' };

/** The people of a telephone number. */
export interface Caller {
  /** The latest appointment of each name, the latest first. */
  people: Found[];
  /** Their appointments to come, or under way. */
  open: Found[];
}

/** The page that a citizen takes with them. */
export interface Printed {
  appointment: Appointment;
  /** The address of the citizen's own page. */
  address: string;
}
