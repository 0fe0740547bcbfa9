-- Signatures of what is handed in with cases, by more than an identified session (docs/adr/0100).

-- One attempt to sign. It ends with its case.
create table case_signature (
  id uuid primary key,
  number bigint generated always as identity, -- in the order in which they were begun
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  way text not null check (way in ('valid', 'autofirma')),
  version integer not null, -- of the answers that are signed
  identification_id uuid references identification, -- of whoever signs, kept with what is signed; null: nothing was signed
  prepared bytea not null, -- sealed under the case's key: what is signed, and handed in then
  hash bytea not null, -- SHA-256 of it
  cents integer not null check (cents >= 0), -- what is paid after it; 0: it is handed in by being signed
  browser_hash bytea not null, -- of what only the browser that began it can send
  code_hash bytea unique, -- of the code by which the provider names the attempt; null: it has none yet
  kept bytea, -- sealed likewise: what the attempt needs again; null: it is over
  state text not null default 'begun' check (state in ('begun', 'signed', 'failed')),
  failure text, -- why nothing was signed
  begun_at timestamptz not null,
  begun_by text not null,
  answered_at timestamptz, -- when the person came back the first time: that answer counts once
  decided_at timestamptz, -- when it was signed, or failed
  settled_at timestamptz, -- signed: nothing is left to do, its case is handed in or its fee is to be paid
  signer bytea, -- sealed likewise: who signed, and how
  evidence bytea, -- sealed likewise: the signature
  evidence_hash bytea, -- SHA-256 of it
  check ((state = 'begun') = (decided_at is null)),
  check ((state = 'failed') = (failure is not null)),
  check ((state = 'signed') = (evidence is not null)),
  check ((evidence is null) = (evidence_hash is null)),
  check ((evidence is null) = (signer is null))
);
create index case_signature_by_identification on case_signature (identification_id) where identification_id is not null;
create index case_signature_begun on case_signature (begun_at) where state = 'begun';
create index case_signature_of on case_signature (case_id, number);
create index case_signature_to_settle on case_signature (decided_at) where state = 'signed' and settled_at is null;
call isolate('case_signature');

-- Between an attempt and a program on the person's device, such as AutoFirma: what it fetches and what it puts (docs/adr/0104). Both identifiers
-- are random, short-lived and known to the program alone. The row ends when the attempt is decided.
create table signature_exchange (
  signature_id uuid primary key references case_signature on delete cascade,
  office_id integer not null references office,
  file_hash bytea not null unique, -- of the identifier under which the program fetches what it signs
  result_hash bytea not null unique, -- of the identifier under which it puts what it made
  document bytea not null, -- sealed under the case's key: the PDF that is signed
  fetched_at timestamptz, -- when the program fetched it, which it can once
  seen_at timestamptz, -- when the program said last that it is at work
  result bytea, -- sealed likewise: what the program put, as it put it
  put_at timestamptz,
  read_at timestamptz, -- when somebody began to read it; one that was not read to its end is never read again
  check ((result is null) = (put_at is null))
);
create index signature_exchange_put on signature_exchange (put_at) where put_at is not null;
call isolate('signature_exchange');
