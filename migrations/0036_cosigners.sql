-- Who else must sign what was handed in: docs/adr/0110.
create table case_cosigner (
  id uuid primary key, -- its link derives from it (opening)
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  nth smallint not null, -- in the order of the answers, from 0
  asked_at timestamptz not null,
  who bytea not null, -- sealed under the key of the case: name, identifier, e-mail
  answered_at timestamptz, -- null: nobody answered
  actor text,
  answer text check (answer in ('signed', 'declined')),
  number text, -- of its entry in the registry
  record bytea, -- sealed: what was signed, and by whom
  record_hash bytea, -- SHA-256 of it
  identification_id uuid references identification,
  unique (case_id, nth),
  check (num_nonnulls(answered_at, actor, answer) in (0, 3)),
  check (num_nonnulls(number, record, record_hash) in (0, 3)),
  check ((number is not null) = (answer is not null and answer = 'signed'))
);
call isolate('case_cosigner');
-- Whose signature an attempt is for, when it is not the applicant's.
alter table case_signature add column cosigner_id uuid references case_cosigner on delete cascade;
create index case_signature_of_cosigner on case_signature (cosigner_id) where cosigner_id is not null;
