-- What happens when an agent deals with a person.

-- One try to reach a citizen by telephone.
create table attempt (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  number smallint not null, -- 1, 2, 3
  outcome text not null check (outcome in ('answered', 'no_answer', 'busy', 'voicemail', 'wrong_number', 'rejected')),
  at timestamptz not null,
  actor text not null,
  note text not null default '',
  unique (appointment_id, number)
);
call isolate('attempt');

-- What hangs on an encounter describes the conversation. What hangs on an appointment is there whether anybody meets or not
-- (docs/adr/0054).
create table encounter (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid unique references appointment, -- null: the person had none
  channel text not null,
  language text not null,
  name text, -- what the person is called, where no appointment says it; null: not said, or forgotten
  desk_id integer references desk, -- the desk that serves, where the appointment was given to another one
  started_at timestamptz not null,
  ended_at timestamptz,
  identity text check (identity in ('none', 'shown', 'electronic', 'questions')),
  identity_note text not null default '',
  notes text not null default '',
  wrap_up text, -- a code of the office's
  version integer not null default 1, -- raised by every save, so that no one overwrites what they haven't seen
  actor text not null,
  forgotten_at timestamptz -- when what was written about it was destroyed
);
-- The newest encounters of a desk.
create index encounter_of_desk on encounter (desk_id, started_at);
create index encounter_without_appointment on encounter (office_id, started_at) where appointment_id is null;
call isolate('encounter');

-- One encounter holds several procedures carried out and queries answered.
create table encounter_item (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  encounter_id uuid not null references encounter,
  position smallint not null,
  kind text not null check (kind in ('procedure', 'query')),
  procedure_id integer references procedure, -- carried out, or asked about
  query text, -- a code of the office's frequent queries
  label text not null default '', -- in words, when neither of them says it
  outcome text not null
);
create index encounter_item_of_encounter on encounter_item (encounter_id, position);
call isolate('encounter_item');

-- Points of a check-list that were ticked.
create table encounter_point (
  encounter_id uuid not null references encounter,
  office_id integer not null references office,
  point text not null, -- volant-padro/document/identitat, volant-padro/step/adreca
  at timestamptz not null, -- when it was ticked
  actor text not null, -- by whom
  primary key (encounter_id, point)
);
call isolate('encounter_point');

-- What a citizen says of how it went. Every appointment is asked about at its end, those too at which nobody met.
create table survey_answer (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid unique references appointment, -- null: it is about an encounter without one
  encounter_id uuid unique references encounter, -- null: nobody met
  request_id uuid unique, -- a request: see 0041
  score smallint check (score between 0 and 10),
  solved text check (solved in ('yes', 'partly', 'no')),
  heard text check (heard in ('yes', 'partly', 'no')), -- whether they could hear and see each other; null: not asked or not said
  comment text not null default '',
  at timestamptz not null,
  passed boolean, -- whether a coordinator let the comment be shown; null: not decided
  check (num_nonnulls(appointment_id, encounter_id, request_id) > 0)
);
-- Few answers have a comment, and fewer comments are shown.
create index survey_comment on survey_answer (office_id, passed) where comment <> '';
call isolate('survey_answer');
