-- Reports that an office asks for before it decides a case: of a colleague, or of another office of the town (docs/adr/0109).

create table case_report (
  id uuid primary key,
  office_id integer not null references office, -- of the case
  case_id uuid not null references case_file on delete cascade,
  -- What the office that is asked lists: it can't see the case's row.
  reference text not null,
  procedure_id integer not null references procedure,
  asked_at timestamptz not null,
  asked_by text not null,
  to_office integer not null references office,
  to_staff integer references staff, -- null: whoever serves citizens there
  until date not null, -- the last local day
  suspends boolean not null, -- the law demands it: the time to decide stands still (Ley 39/2015, art. 22.1.d)
  request bytea not null, -- sealed: what is asked, and what of the case is shown
  ended_at timestamptz, -- null: it is open
  ended_by text,
  ending text check (ending in ('given', 'declined', 'withdrawn', 'closed')),
  answer bytea, -- sealed: the report, or why it was declined
  answer_hash bytea, -- SHA-256 of the report
  check (num_nonnulls(ended_at, ended_by, ending) in (0, 3)),
  check ((answer is not null) = (ending is not null and ending in ('given', 'declined'))),
  check ((answer_hash is not null) = (ending is not null and ending = 'given'))
);
create index case_report_of_case on case_report (case_id, asked_at);
create index case_report_asked on case_report (to_office, ended_at, until);
call isolate('case_report');
-- The office that is asked sees that it is. What is asked is sealed under the key of the case, which it can't see.
create policy asked_office on case_report for select using (sees_office(to_office));
