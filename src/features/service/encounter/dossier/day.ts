import type { Status } from '../../../../domain/appointment.ts';
import type { Channel } from '../../../../domain/channel.ts';
import type { Extent } from '../../../../domain/office/bundle.ts';
import type { Need } from '../../../../domain/person.ts';
import type { InterpretedLanguage } from '../../../../lib/i18n/interpreted.ts';

/** What of an appointment decides whose turn it is at a desk. It names nobody. */
export interface DayTurn {
  id: string;
  start: Temporal.Instant;
  status: Status;
  /** Calls that were not answered. */
  failedAttempts: number;
  lastAttemptAt: Temporal.Instant | null;
  /** When to call: the start, or the next attempt's time. */
  dueAt: Temporal.Instant;
  /** When it ends as missed, since the last call failed too; null: calls are left. */
  endsAt: Temporal.Instant | null;
  /** The telephone on file is another person's. */
  lacksNumber: boolean;
  /** Another desk serves it now, since any agent may answer a citizen who rings back. */
  isElsewhere: boolean;
}

/** An appointment among those of a whole office. */
export interface DayPlace extends DayTurn, Extent {
  reference: string;
  end: Temporal.Instant;
  channel: Channel;
  /** Id of the desk. */
  desk: number;
  name: string;
  /** Code. */
  procedure: string;
  /** Since when the citizen waits in the room or at the site; null: they do not. */
  arrivedAt: Temporal.Instant | null;
}

/** An appointment in the list of a day. */
export interface DayEntry extends DayPlace {
  needs: Need[];
  /** The language for which an interpreter is needed. */
  interpreter?: InterpretedLanguage | null;
  /** Since when the citizen is served; null: they are not. */
  startedAt: Temporal.Instant | null;
  /** A notice to this citizen could not be delivered. */
  undelivered: boolean;
  /** The check stopped a result, so the citizen has not got it. */
  hasStoppedResult: boolean;
}
