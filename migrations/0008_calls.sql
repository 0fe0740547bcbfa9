-- Calls by telephone and video.

-- How calls from the console's own telephone went: an attempt can say what the exchange said, and a bad network shows. It has no
-- number and no name. Which appointment it was for is forgotten with the citizen (src/features/foundation/retention).
create table call (
  id uuid primary key, -- made by the browser: a report that is sent twice is kept once
  office_id integer not null references office,
  desk_id integer references desk,
  appointment_id uuid references appointment, -- null: none, or forgotten
  attempt smallint, -- the attempt of the appointment that it was logged as
  direction text not null check (direction in ('out', 'in')),
  ended_at timestamptz not null,
  rang_seconds integer not null check (rang_seconds >= 0),
  talked_seconds integer check (talked_seconds >= 0), -- null: nobody answered
  status smallint, -- the SIP status that answered or refused it
  ended_by text not null check (ended_by in ('desk', 'other', 'lost')), -- lost: the page or the connection went away
  codec text,
  loss_percent real,
  rtt_ms real,
  jitter_ms real
);
create index call_of_appointment on call (appointment_id) where appointment_id is not null;
create index call_ended on call (office_id, ended_at);
call isolate('call');

-- The result of a citizen's test of their device, for the agent. One per appointment: the last one. It names no
-- person, device or address; src/features/service/device/types.ts lists what it may say. It is deleted with the citizen's data.
create table device_test (
  appointment_id uuid primary key references appointment,
  office_id integer not null references office,
  at timestamptz not null,
  -- Null: not tested.
  camera text check (length(camera) <= 20),
  microphone text check (length(microphone) <= 20),
  speaker text check (length(speaker) <= 20),
  network text check (length(network) <= 20),
  family text not null check (length(family) <= 20), -- of the browser
  system text not null check (length(system) <= 20)
);
call isolate('device_test');

-- A further person at a video appointment: an interpreter, a relative. Each has a link of their own (see opening);
-- after a revocation it opens nothing. The name is deleted with the citizen's data.
create table companion (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  name text not null check (length(name) <= 100),
  role text not null check (role in ('sign_language', 'interpreter', 'relative', 'guardian', 'other')),
  made_at timestamptz not null,
  made_by text not null, -- as in events
  admitted_at timestamptz, -- into the call, by the agent
  revoked_at timestamptz
);
create index companion_of_appointment on companion (appointment_id);
call isolate('companion');

-- Somebody of the staff is asked for help with an encounter: to join its video call, or to have it from now on
-- (docs/adr/0067). An accepted request to join is a place in the call until it ends. The words are deleted with the encounter's notes.
create table colleague_request (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  kind text not null check (kind in ('join', 'hand_over')),
  from_staff integer not null references staff,
  from_name text not null, -- first name, as the citizen reads it
  to_staff integer not null references staff,
  to_desk integer references desk, -- null: they have none
  to_name text not null,
  note text not null check (length(note) <= 200),
  asked_at timestamptz not null,
  answer text check (answer in ('accepted', 'declined', 'withdrawn', 'lapsed')),
  answered_at timestamptz,
  ended_at timestamptz, -- of a place in the call: the colleague left it or was let go
  check ((answer is null) = (answered_at is null)),
  check (from_staff <> to_staff)
);
create index colleague_request_of_appointment on colleague_request (appointment_id);
create index colleague_request_open on colleague_request (office_id, to_staff) where answer is null;
-- Pressed twice, it is asked once; an encounter is offered to one colleague at a time.
create unique index colleague_request_once on colleague_request (appointment_id, kind, to_staff) where answer is null;
create unique index colleague_request_one_hand_over on colleague_request (appointment_id) where answer is null and kind = 'hand_over';
call isolate('colleague_request');

-- Presence in the room of a video appointment. A seat is a page of a browser. Each side, each companion and each colleague has
-- one seat at most, the last: four people can meet (docs/adr/0025).
create table seat (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  side text not null check (side in ('agent', 'citizen', 'companion', 'colleague')),
  companion_id uuid references companion,
  colleague_id uuid references colleague_request,
  staff_id integer, -- the agent's or the colleague's, while the seat is kept
  since timestamptz not null,
  seen_at timestamptz not null, -- its stream of events was open
  left_at timestamptz,
  check ((side = 'companion') = (companion_id is not null)),
  check ((side = 'colleague') = (colleague_id is not null))
);
create unique index seat_taken on seat (appointment_id, side, coalesce(companion_id, colleague_id, appointment_id))
  where left_at is null;
create index seat_seen on seat (seen_at) where left_at is null;
call isolate('seat');

-- Signals by which browsers connect, until they are delivered. Kept for minutes: it holds network addresses.
create table signal (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  seat_id uuid not null references seat on delete cascade, -- to whom
  from_seat uuid not null references seat on delete cascade,
  at timestamptz not null,
  data jsonb not null check (length(data::text) <= 40000)
);
create index signal_of_seat on signal (seat_id, id);
call isolate('signal');

-- What is written in a call (a telephone number, the name of a form), kept as long as the notes of its encounter.
create table message (
  id uuid primary key, -- made by the browser: what is sent twice is kept once
  office_id integer not null references office,
  encounter_id uuid not null references encounter,
  number bigint generated always as identity,
  at timestamptz not null,
  author text not null, -- as in events
  companion_id uuid references companion, -- where a companion wrote it
  colleague_id uuid references colleague_request, -- where a colleague who was asked in wrote it
  text text not null check (length(text) <= 2000)
);
create index message_of_encounter on message (encounter_id, number);
call isolate('message');

-- How video calls went, as the browsers measured it: a row for each connection and each end of it. It has no person, device or
-- address. Which encounter it was for is forgotten with the citizen; numbers are left (src/features/foundation/retention).
create table call_quality (
  office_id integer not null references office,
  id uuid not null, -- made by the browser: a report that is sent again replaces the earlier one
  encounter_id uuid references encounter, -- null: forgotten
  call_id uuid not null, -- random, the same for all of an encounter: calls can be counted after it is forgotten
  side text not null check (side in ('citizen', 'agent', 'companion', 'colleague')), -- the person who saw and heard
  whom text not null check (whom in ('citizen', 'agent', 'companion', 'colleague')),
  ended_at timestamptz not null, -- of the last report
  seconds integer not null check (seconds >= 0), -- that it was connected
  path text check (path in ('host', 'srflx', 'relay')), -- null: it never was
  first_frame_ms integer check (first_frame_ms >= 0),
  loss_percent real,
  rtt_ms real,
  fps real,
  freezes integer,
  frozen_seconds real,
  reconnections integer not null,
  audio_only_seconds integer not null,
  width integer,
  height integer,
  word text not null check (word in ('good', 'fair', 'poor')), -- how it was, in a word
  primary key (office_id, id) -- with the office, so that an id says nothing about another office
);
create index call_quality_of_encounter on call_quality (encounter_id) where encounter_id is not null;
create index call_quality_ended on call_quality (office_id, ended_at);
call isolate('call_quality');
