-- What an office works with on a case (docs/adr/0092). All that is written in it is sealed under the case's key, and ends with it.

alter table case_file
  add column applicant bytea, -- sealed: what whoever handed it in is called, and where they are told; null: not handed in
  add column handed_in_by integer references staff, -- the official who handed it in for somebody; null: its applicant did
  add column team text, -- the code of the team to which it came; null: it is the whole office's
  -- By what the inbox sorts: the first of its terms, or never.
  add column due date not null generated always as (coalesce(least(state_due, decide_by), 'infinity'::date)) stored;
-- The inbox, what is due first; and what is closed, the newest first.
create index case_file_handed_in on case_file (office_id, handed_in_at, id) where handed_in_at is not null;
create index case_file_open on case_file (office_id, due, id) where closed_at is null and handed_in_at is not null;
create index case_file_closed on case_file (office_id, closed_at desc, id) where closed_at is not null;

-- Requests to amend what was handed in: Ley 39/2015, art. 68.
create table case_amendment (
  id uuid primary key,
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  asked_at timestamptz not null,
  asked_by text not null,
  until date not null, -- the last local day, with the extension
  points bytea not null, -- sealed: the questions, and what is wrong with each
  extended_at timestamptz, -- once at most (art. 32)
  extended_by text,
  extension bytea, -- sealed: why it was extended
  closed_at timestamptz, -- the case went on: amended, withdrawn or lapsed
  answered_at timestamptz, -- null: nothing was handed in
  number text, -- of its entry in the registry
  record bytea, -- sealed: all answers as they are amended
  record_hash bytea, -- SHA-256 of it
  check (num_nonnulls(answered_at, number, record, record_hash) in (0, 4)),
  check ((extended_at is null) = (extension is null)),
  check ((extended_at is null) = (extended_by is null))
);
create unique index case_amendment_open on case_amendment (case_id) where closed_at is null;
create index case_amendment_of_case on case_amendment (case_id, asked_at);
call isolate('case_amendment');

-- What officials write for each other. The citizen never sees it.
create table case_note (
  id uuid primary key,
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  at timestamptz not null,
  by text not null,
  text bytea not null -- sealed
);
create index case_note_of_case on case_note (case_id, at);
call isolate('case_note');

-- The decision of a case: first what an official is writing, then the document that was issued.
create table case_decision (
  case_id uuid primary key references case_file on delete cascade,
  id uuid not null unique, -- what its verification code opens
  office_id integer not null references office,
  outcome text not null, -- the state to which it takes the case
  written_at timestamptz not null,
  written_by text not null,
  content bytea not null, -- sealed: its texts
  issued_at timestamptz, -- null: it was not
  issued_by text,
  document bytea, -- sealed: the PDF
  document_hash bytea, -- SHA-256 of it
  code bytea, -- sealed: the verification code
  check (num_nonnulls(issued_at, issued_by, document, document_hash, code) in (0, 5))
);
call isolate('case_decision');

alter table notice add constraint notice_of_case foreign key (case_id) references case_file on delete cascade;
create index notice_of_case on notice (case_id) where case_id is not null;
