-- Who else comes to a video appointment: an interpreter, somebody of the family. Each has a link of their own, whose secret is
-- derived (docs/adr/0005) and kept as a hash; taken back, it opens nothing any more. The name goes with who the appointment was for.
create table companion (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  link_hash bytea not null unique,
  name text not null check (length(name) <= 100),
  role text not null check (role in ('sign_language', 'interpreter', 'relative', 'guardian', 'other')),
  made_at timestamptz not null,
  made_by text not null, -- as in events
  admitted_at timestamptz, -- into the call, by whoever attends
  revoked_at timestamptz
);
create index companion_of_appointment on companion (appointment_id);
call isolate('companion');

-- Four people at most: a seat of each side, and of each companion.
alter table seat add column companion_id uuid references companion;
alter table seat drop constraint seat_side_check;
alter table seat add check (side in ('agent', 'citizen', 'companion'));
alter table seat add check ((side = 'companion') = (companion_id is not null));
drop index seat_taken;
create unique index seat_taken on seat (appointment_id, side, coalesce(companion_id, appointment_id)) where left_at is null;

-- Signals are between two of them. What was under way is made anew.
delete from signal;
alter table signal add column from_seat uuid not null references seat on delete cascade;

-- What is written in a call, kept with the appointment as long as its notes are: a telephone number, the name of a form.
create table message (
  id uuid primary key, -- made by the browser: what is sent twice is kept once
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  number bigint generated always as identity,
  at timestamptz not null,
  author text not null, -- as in events
  companion_id uuid references companion, -- whose it is, where it is a companion's
  text text not null check (length(text) <= 2000)
);
create index message_of_appointment on message (appointment_id, number);
call isolate('message');
