-- The receipt of each thing that was handed in to a case (Ley 39/2015, art. 16.3), as it was issued: docs/adr/0111. It is sealed under the case's key, and
-- ends with it.
create table case_receipt (
  id uuid primary key, -- what its verification code opens
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  about text not null, -- what the registry calls the entry that it is of: `case <id> application`
  issued_at timestamptz not null,
  document bytea not null, -- sealed: the PDF
  code bytea not null, -- sealed: the verification code
  unique (office_id, about)
);
create index case_receipt_of_case on case_receipt (case_id);
call isolate('case_receipt');
