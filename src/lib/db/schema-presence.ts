import type { Generated } from 'kysely';
import type { Identity, NullableTimestamp, Timestamp } from './columns.ts';

/** The presence of agents at their desks, now and before. */
export interface PresenceTables {
  presence: {
    desk_id: number;
    office_id: number;
    staff_id: number | null;
    state: string;
    since: Timestamp;
    said: string;
    said_at: Timestamp;
    said_why: string;
    acted_at: Timestamp;
    seen_at: Timestamp;
  };
  presence_event: {
    id: Identity;
    office_id: number;
    desk_id: number;
    from_state: string | null;
    to_state: string;
    at: Timestamp;
    why: string;
    actor: string;
  };
}

/** The tables about calendars of other programs; migrations/0016_calendars.sql explains them. */
export interface CalendarTables {
  calendar_feed: {
    id: string;
    office_id: number;
    desk_id: number;
    staff_id: number;
    names: boolean;
    made_at: Timestamp;
    read_on: string | null;
  };
  calendar_connection: {
    id: string;
    office_id: number;
    desk_id: number;
    staff_id: number | null;
    kind: string;
    address: string;
    username: Generated<string>;
    sealed: Buffer | null;
    key_version: Generated<number>;
    calendar: string | null;
    calendar_name: Generated<string>;
    reads: boolean;
    writes: boolean;
    names: boolean;
    made_at: Timestamp;
    made_by: number;
    mark: string | null;
    read_from: string | null;
    skipped: Generated<number>;
    seen_at: NullableTimestamp;
    failures: Generated<number>;
    trouble: string | null;
    next_try_at: Timestamp;
    leased_until: NullableTimestamp;
    ended_at: NullableTimestamp;
  };
  calendar_entry: {
    connection_id: string;
    appointment_id: string;
    office_id: number;
    remote: string | null;
    written: Generated<string>;
    version: NullableTimestamp;
  };
  desk_busy: {
    id: Identity;
    office_id: number;
    desk_id: number;
    source: string;
    event: string;
    starts: Timestamp;
    ends: Timestamp;
  };
}
