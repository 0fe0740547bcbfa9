-- Calendars of other programs (docs/adr/0072, docs/adr/0073).

-- The address at which a calendar program reads the appointments of a desk. Its secret is an opening.
create table calendar_feed (
  id uuid primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  -- The person who made it. It opens as long as this person may see the desk.
  staff_id integer not null references staff,
  names boolean not null, -- whether it has the citizens' names, while the office allows them
  made_at timestamptz not null,
  read_on date, -- the day (UTC) on which it was last read, written at the first request of the day
  unique (desk_id, staff_id)
);
create index calendar_feed_of_office on calendar_feed (office_id);
call isolate('calendar_feed');

-- A calendar that is connected with a desk: somebody's own, or the desk's. Its busy times take time from the desk, and it is given the
-- desk's appointments, each if it was chosen.
create table calendar_connection (
  id uuid primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  staff_id integer references staff, -- whose own calendar it is; null: the desk's
  kind text not null check (kind in ('caldav', 'graph')),
  address text not null, -- the address that was typed; of Microsoft 365 that of its interface
  username text not null default '',
  -- The password, or the tokens of a sign-in, sealed by a version of the purpose key "calendars"; null: there is none.
  sealed bytea,
  key_version smallint not null default 0,
  calendar text, -- the address of the calendar, or its id at its server; null: it is not chosen yet
  calendar_name text not null default '',
  reads boolean not null,
  writes boolean not null,
  names boolean not null,
  made_at timestamptz not null,
  made_by integer not null references staff,
  -- How far it was read: the server's own sign (sync-token, ctag or delta link), and the day from which on.
  mark text,
  read_from date,
  skipped integer not null default 0, -- events that could not be read
  seen_at timestamptz, -- when it last worked
  failures integer not null default 0, -- in a row
  trouble text, -- of the last try
  next_try_at timestamptz not null,
  leased_until timestamptz, -- a worker talks to the server
  ended_at timestamptz -- what was written into it is being taken back
);
create unique index calendar_connection_of_desk on calendar_connection (desk_id) where staff_id is null and ended_at is null;
create unique index calendar_connection_of_person on calendar_connection (office_id, staff_id) where staff_id is not null and ended_at is null;
call isolate('calendar_connection');

-- An appointment in a connected calendar. The row is written before the calendar is, so that nothing is there that is not known here.
create table calendar_entry (
  connection_id uuid not null references calendar_connection on delete cascade,
  appointment_id uuid not null references appointment,
  office_id integer not null references office,
  remote text, -- its address or id at the server; null: not known to be there
  written text not null default '', -- a digest of what was written
  version timestamptz, -- the appointment's updated_at then; null: to be written
  primary key (connection_id, appointment_id)
);
create index calendar_entry_of_appointment on calendar_entry (appointment_id);
call isolate('calendar_entry');

-- When a connected calendar says that a desk is busy. Only from when until when; nothing of the event itself.
create table desk_busy (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  source uuid not null, -- the connection
  event text not null, -- a digest of the event's id at the server
  starts timestamptz not null,
  ends timestamptz not null,
  check (starts < ends)
);
create index desk_busy_of_office on desk_busy (office_id);
create index desk_busy_of_source on desk_busy (source);
call isolate('desk_busy');
