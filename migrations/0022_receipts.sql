-- The receipt of what was handed in (Ley 39/2015, art. 16.3), as it was issued: docs/adr/0093. It is sealed under the case's key, and ends with it.
create table case_receipt (
  case_id uuid primary key references case_file on delete cascade,
  id uuid not null unique, -- what its verification code opens
  office_id integer not null references office,
  issued_at timestamptz not null,
  document bytea not null, -- sealed: the PDF
  code bytea not null -- sealed: the verification code
);
call isolate('case_receipt');
