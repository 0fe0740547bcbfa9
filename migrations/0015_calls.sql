-- How calls from the console's own telephone went: so that an attempt says what the exchange said, and a bad network shows.
-- No number and no name is in it. Which appointment it was for is forgotten with the citizen (src/features/retention).

create table call (
  id uuid primary key, -- made by the browser: a report that is sent twice is kept once
  office_id integer not null references office,
  desk_id integer references desk, -- the desk
  appointment_id uuid references appointment, -- null: none, or forgotten
  attempt smallint, -- which attempt of the appointment it was logged as
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
