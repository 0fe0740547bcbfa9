-- The confidential space of an appointment: uploaded documents, results, evidence. Their bytes are stored encrypted outside the
-- database (src/lib/blobs).

create table document (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid references appointment,
  case_id uuid, -- the case that it is of (0019)
  request_id uuid, -- the request whose photo it is (0041); each is of one of the three
  kind text not null check (kind in ('inbox', 'outbox', 'evidence')),
  -- Which key seals it, and how long it is kept. A result may be kept as long as evidence is, where it carries a verification code
  -- or is the copy of a consent.
  -- All of a case has one key and ends together, and so has all of a request.
  shelf text not null check (shelf in ('working', 'evidence', 'case', 'request')),
  requested text, -- which of the procedure's documents it is, by code; null: another
  state text not null
    check (state in ('receiving', 'checking', 'clean', 'infected', 'unscannable', 'error', 'refused')),
  state_at timestamptz not null,
  why text, -- a code: why it was refused or could not be checked
  declared text not null, -- the media type that the sender said it had
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
  -- A result may carry a secure verification code: people who have it, on paper too, see the original and that it is the office's
  -- (Ley 40/2015, art. 42.b; RD 203/2021, art. 21; docs/adr/0029).
  -- Its opening stays for good, so that people are told what became of the document.
  has_code boolean not null default false,
  code bytea, -- sealed as the name is, to be shown again; null: destroyed
  withdrawn_at timestamptz, -- an official took it back: it isn't valid, which is more than not kept
  -- A law keeps it beyond its time. The reason, in the words of the person who decided so, speaks of somebody's case: it is sealed
  -- and destroyed as the document's name is.
  held_at timestamptz,
  held_by text,
  held_reason bytea,
  destroyed_at timestamptz,
  -- The document as which its bytes were sealed, and the space and shelf of then, where it shares them with that one (docs/adr/0108); null: they are
  -- its own.
  bytes_document uuid,
  bytes_space uuid,
  bytes_shelf text,
  check (num_nonnulls(bytes_document, bytes_space, bytes_shelf) in (0, 3)),
  -- Evidence is never kept shorter than this; a citizen's document never longer.
  check (kind <> 'evidence' or shelf in ('evidence', 'case')),
  check (kind <> 'inbox' or shelf in ('working', 'case', 'request')),
  check (num_nonnulls(appointment_id, case_id, request_id) = 1),
  check ((case_id is not null) = (shelf = 'case')),
  check ((request_id is not null) = (shelf = 'request')),
  -- A result that proves something is kept as long as evidence.
  check (not has_code or (kind = 'outbox' and shelf in ('evidence', 'case'))),
  check (code is null or has_code)
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

-- A document arrives in pieces, each a blob that is written once: after an interruption the next piece follows the last one.
create table document_piece (
  document_id uuid not null references document,
  first integer not null check (first >= 0), -- its first segment
  segments integer not null check (segments > 0),
  office_id integer not null references office,
  blob uuid not null, -- of several documents where they share their bytes: it is removed with the last one
  primary key (document_id, first)
);
create index document_piece_by_blob on document_piece (blob);
call isolate('document_piece');

-- Pieces that belong to no document: not yet, while they are written, or not any more. A piece that a crash left behind is listed
-- here, so it is known to be this installation's, and is removed after an hour.
create table loose_piece (
  blob uuid primary key,
  office_id integer not null references office,
  at timestamptz not null
);
create index loose_piece_since on loose_piece (at);
call isolate('loose_piece');
