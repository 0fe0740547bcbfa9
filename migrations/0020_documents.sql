-- The confidential space of an appointment: documents that are handed over, results, evidence. What is in them lies sealed outside
-- the database (src/lib/blobs); here are their keys, each under the one above it (docs/adr/0026).

-- A key for each office, wrapped by who keeps the key above all (src/lib/envelope/keys.ts).
create table office_key (
  office_id integer primary key references office,
  wrapped bytea not null
);
call isolate('office_key');

-- Keys of an appointment: one for what ends together. Names and reasons are sealed under them. Without it nothing of a shelf
-- can ever be read again, so destroying a shelf is to delete this row.
create table appointment_key (
  appointment_id uuid not null references appointment,
  shelf text not null check (shelf in ('working', 'evidence')),
  office_id integer not null references office,
  wrapped bytea not null, -- under the office's
  primary key (appointment_id, shelf)
);
call isolate('appointment_key');

create table document (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  kind text not null check (kind in ('inbox', 'outbox', 'evidence')),
  requested text, -- which of the procedure's documents it is, by code; null: another
  state text not null
    check (state in ('receiving', 'checking', 'clean', 'infected', 'unscannable', 'error', 'refused')),
  state_at timestamptz not null,
  why text, -- a code: why it was refused or could not be checked
  declared text not null, -- the media type that whoever handed it over said it had
  type text, -- the one that the check found
  size bigint not null check (size > 0), -- of the clear bytes
  received bigint not null default 0 check (received between 0 and size),
  name bytea, -- sealed; null: destroyed
  made_at timestamptz not null,
  made_by text not null,
  check_at timestamptz, -- when to check it next; null: it needs none
  checks smallint not null default 0, -- begun so far
  review text check (review in ('accepted', 'again')),
  reviewed_at timestamptz,
  reviewed_by text,
  reason bytea, -- sealed: why it should be sent again
  held_at timestamptz, -- a legal reason keeps it beyond its time
  held_by text,
  destroyed_at timestamptz
);
create index document_of_appointment on document (appointment_id, made_at);
create index document_to_check on document (check_at) where check_at is not null;
create index document_that_stands on document (office_id, made_at) where destroyed_at is null;
call isolate('document');

create table document_key (
  document_id uuid primary key references document,
  office_id integer not null references office,
  wrapped bytea not null -- under the appointment's
);
call isolate('document_key');

-- A document arrives in pieces, each a blob that is written once: whatever breaks off, the next piece goes on after the last.
create table document_piece (
  document_id uuid not null references document,
  first integer not null check (first >= 0), -- its first segment
  segments integer not null check (segments > 0),
  office_id integer not null references office,
  blob uuid not null unique,
  primary key (document_id, first)
);
call isolate('document_piece');
