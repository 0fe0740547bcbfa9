-- What a citizen hands in to a case after the application, each with its entry in the registry: a withdrawal (Ley 39/2015, art. 94).
create table case_submission (
  id uuid primary key,
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  kind text not null check (kind in ('withdrawal')),
  at timestamptz not null,
  actor text not null,
  number text not null, -- its entry in the registry
  record bytea, -- sealed under the key of the case; null: destroyed
  record_hash bytea not null, -- SHA-256 of it
  identification_id uuid references identification -- of whoever handed it in, kept as long as it
);
create index case_submission_of_case on case_submission (case_id, at);
create index case_submission_by_identification on case_submission (identification_id) where identification_id is not null;
call isolate('case_submission');
