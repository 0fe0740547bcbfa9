-- How long closed cases are kept, and the register of those that were destroyed (docs/adr/0103).

alter table case_file
  add column ends_on date, -- the last local day on which it is kept; null: it is open, or it is kept for good
  -- A law keeps it longer, as a document (0010). The reason is sealed under its key.
  add column held_at timestamptz,
  add column held_by text,
  add column held_reason bytea,
  add check (ends_on is null or closed_at is not null),
  add check (num_nonnulls(held_at, held_by, held_reason) in (0, 3));
create index case_file_ending on case_file (office_id, ends_on) where ends_on is not null;

-- What is left of a case that was destroyed: nothing of its person.
create table case_destruction (
  case_id uuid primary key,
  office_id integer not null references office,
  reference text not null,
  procedure_id integer not null references procedure,
  door text not null, -- through which it began: figures count it still
  schedule text, -- the table of the archive by which it was destroyed, as its form names it; null: it names none
  handed_in_at timestamptz not null,
  closed_at timestamptz not null,
  -- What its verification codes opened, and when each was issued: who checks one is told that it is not kept any more.
  codes uuid[] not null,
  issued timestamptz[] not null,
  destroyed_at timestamptz not null,
  check (cardinality(codes) = cardinality(issued))
);
create index case_destruction_of_office on case_destruction (office_id, destroyed_at desc);
create index case_destruction_handed_in on case_destruction (office_id, handed_in_at);
create index case_destruction_by_code on case_destruction using gin (codes);
call isolate('case_destruction');
create trigger case_destruction_stays before update or delete on case_destruction for each row execute function refuse_change();
create trigger case_destruction_not_emptied before truncate on case_destruction for each statement execute function refuse_change();

-- When a closed case that is kept for good was packed for the archive of the town, and by whom (docs/adr/0112).
create table case_package (
  id uuid primary key,
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  packed_at timestamptz not null,
  packed_by text not null,
  documents integer not null,
  manifest bytea not null -- SHA-256 of the package's manifest
);
create index case_package_of_case on case_package (case_id, packed_at);
call isolate('case_package');
create index case_file_for_good on case_file (office_id, closed_at) where closed_at is not null and ends_on is null;
