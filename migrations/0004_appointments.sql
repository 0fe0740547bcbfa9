-- The desks' time, and the appointments that take it.

-- A row is a stretch of a desk's time that is promised: to an appointment, or to a person who is filling in the form
-- (hold_until). The exclusion constraint decides about double booking. It can't ask what time it is, so a hold that has ended
-- stays until claim_time or the cleaning job removes it (docs/adr/0003).
create table desk_time (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  starts timestamptz not null,
  ends timestamptz not null,
  during tstzrange not null, -- from starts until the desk can take another
  hold_until timestamptz,
  hold_hash bytea unique,
  hold_extended boolean not null default false,
  -- The network address of the citizen who fills in the form, as a keyed hash that differs each day: one address may keep only
  -- so many times at once (docs/adr/0010). Processes share the count, so it is made here.
  held_by bytea,
  exclude using gist (desk_id with =, during with &&)
);
-- How many minutes a desk has that day.
create index desk_time_of_desk on desk_time (desk_id, starts);
-- Holds that have ended: every search for slots reads it, so it must stay tiny.
create index desk_time_hold on desk_time (office_id, hold_until) where hold_until is not null;
create index desk_time_held_by on desk_time (held_by) where held_by is not null;
call isolate('desk_time');

-- The same time as one row a desk and UTC day, in epoch minutes. Reading it costs a tenth of reading desk_time, and no more when
-- there are ten times as many appointments. A trigger keeps it, in the same transaction.
create table desk_day (
  desk_id integer not null references desk,
  day integer not null, -- days since 1970-01-01, UTC
  office_id integer not null references office,
  busy int4multirange not null,
  primary key (desk_id, day)
);
call isolate('desk_day');
create trigger keep_desk_day after insert or delete on desk_time for each row execute function keep_desk_day();
-- A stretch of time is never edited into another one: it is given back, and the other one is claimed.
create trigger desk_time_stays before update of desk_id, during on desk_time for each row execute function refuse_change();

create table appointment (
  id uuid primary key,
  office_id integer not null references office,
  reference text not null unique, -- what a person reads out: K7M-2QX
  procedure_id integer not null references procedure,
  further text[] not null default '{}', -- codes of further procedures of the same appointment, in the order of choice
  people smallint not null default 1 check (people > 0), -- how many it is for
  channel text not null,
  language text not null, -- of the encounter
  site text, -- the code of the site to which the citizen comes; null: they meet elsewhere
  notice_language text not null, -- of what is written to the citizen
  notices_by text check (notices_by in ('email', 'sms')), -- the way that the citizen chose; null: e-mail first
  desk_id integer not null references desk,
  time_id bigint unique references desk_time, -- null once the time was given back
  starts timestamptz not null,
  ends timestamptz not null,
  status text not null check (status in ('booked', 'arrived', 'in_progress', 'fulfilled', 'noshow', 'cancelled')),
  -- Since when no desk can serve it at its time, though it is booked: the time is given back, and the citizen is asked to choose
  -- another.
  displaced_at timestamptz,
  name text not null,
  email text,
  phone text, -- E.164
  on_behalf_of text, -- the person it is for, when another one books
  needs text[] not null default '{}',
  interpreter text, -- the language for which an interpreter is needed
  comment text not null default '',
  -- How often the citizen's link was replaced. The secret is derived from the id and this number, so the link before opens nothing.
  link smallint not null default 0,
  sequence integer not null default 0, -- of the calendar entry (RFC 5545, 3.8.7.4)
  external_id text,
  idempotency_key text,
  content_hash bytea, -- of the request that made it: tells a repetition from another request
  created_at timestamptz not null,
  updated_at timestamptz not null,
  forgotten_at timestamptz, -- when the citizen's data were destroyed
  unique (office_id, external_id),
  unique (office_id, idempotency_key),
  check (starts < ends)
);
create index appointment_of_office on appointment (office_id, starts, id);
create index appointment_of_desk on appointment (desk_id, starts);
create index appointment_displaced on appointment (office_id) where displaced_at is not null and status = 'booked';
create index appointment_to_forget on appointment (office_id, ends) where forgotten_at is null;
-- How many appointments to come a person has.
create index appointment_of_email on appointment (office_id, email, starts) where status = 'booked';
create index appointment_of_phone on appointment (office_id, phone, starts) where status = 'booked';
-- A person's earlier appointments, however they ended.
create index appointment_of_email_ever on appointment (office_id, email, starts) where email is not null;
create index appointment_of_phone_ever on appointment (office_id, phone, starts) where phone is not null;
call isolate('appointment');
create trigger appointment_has_time before update of time_id on appointment
  for each row when (new.time_id is not null and new.displaced_at is not null) execute function keep_displaced();

-- Follow-ups of an appointment.
create table follow_up (
  appointment_id uuid primary key references appointment,
  office_id integer not null references office,
  follows uuid not null references appointment,
  check (appointment_id <> follows)
);
create index follow_up_of on follow_up (follows);
call isolate('follow_up');

-- What happened to an appointment: by whom, when, why. Its ids are the sequence that consoles resume from.
create table event (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  kind text not null, -- booked, moved, contact_changed, cancelled, attempt, started, fulfilled, noshow, answered
  at timestamptz not null,
  actor text not null, -- citizen, staff:7, token:2, system
  data jsonb not null default '{}'
);
create index event_of_appointment on event (appointment_id, id);
create index event_of_office on event (office_id, id);
-- Promises that were not kept: the figures of a day ask for them.
create index event_displaced on event (office_id, at) where kind = 'displaced';
call isolate('event');
create trigger event_stays before update or delete on event for each row execute function refuse_change_but_of_reason();
create trigger event_not_emptied before truncate on event for each statement execute function refuse_change();

-- The citizen's answers while booking.
create table journey (
  key_hash bytea primary key, -- SHA-256 of the secret in the journey's address
  office_id integer not null references office,
  procedure_id integer not null references procedure,
  further text[] not null default '{}', -- as in appointment
  people smallint not null default 1 check (people > 0),
  channel text not null,
  language text not null, -- of the encounter
  site text, -- as in appointment
  page_language text not null,
  starts timestamptz not null,
  hold_until timestamptz,
  answers jsonb not null default '{}',
  appointment_id uuid references appointment,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  begun_by bytea, -- as held_by in desk_time
  refusals smallint not null default 0 -- how often the person was refused for too many appointments
);
create index journey_ended on journey (expires_at);
create index journey_begun on journey (begun_by, created_at) where begun_by is not null;
call isolate('journey');
