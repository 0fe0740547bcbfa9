import type { Identity, Timestamp } from './columns.ts';

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
}
