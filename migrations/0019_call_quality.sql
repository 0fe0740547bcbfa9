-- How video calls went, as the browsers in them measured it: one row for each connection and who looked at it. No person, device or
-- address is in it. Which appointment it was for is forgotten with the citizen; what is left is numbers (src/features/retention).
create table call_quality (
  office_id integer not null references office,
  id uuid not null, -- made by the browser: a report that is sent again takes the place of the earlier one
  appointment_id uuid references appointment, -- null: forgotten
  call_id uuid not null, -- the same for all of an appointment, by chance: so that calls can be counted when it is forgotten
  side text not null check (side in ('citizen', 'agent', 'companion')), -- who saw and heard
  whom text not null check (whom in ('citizen', 'agent', 'companion')),
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
  primary key (office_id, id) -- of an office, so that one's id says nothing of another's
);
create index call_quality_of_appointment on call_quality (appointment_id) where appointment_id is not null;
create index call_quality_ended on call_quality (office_id, ended_at);
call isolate('call_quality');

-- Whether they could hear and see each other; null: not asked, or not said.
alter table survey_answer add heard text check (heard in ('yes', 'partly', 'no'));
