-- Cases that an official helps to fill in while they serve somebody (docs/adr/0101).

alter table case_file
  -- The encounter in which it was begun, or in which its person showed it last; null: none. Undoing the beginning of an encounter leaves the
  -- draft to its applicant.
  add column encounter_id uuid references encounter on delete set null,
  -- Since when, by whom and for which version of the answers its applicant is asked to confirm it; null: they are not, or it was handed in.
  add column confirm_at timestamptz,
  add column confirm_by text,
  add column confirm_version integer,
  -- Whether an official opened it, typed in it, or asked to confirm it: its applicant then confirms it in a way that shows who they are.
  add column assisted boolean not null default false,
  -- The appointment whose citizen confirms it. Once an official has helped it stays, so that nobody who has only the link books another one
  -- to be that citizen. Null: there was none.
  add column citizen_of uuid references appointment,
  add check (num_nonnulls(confirm_at, confirm_by, confirm_version) in (0, 3));
create index case_file_of_encounter on case_file (encounter_id) where encounter_id is not null;

-- The appointments at which a case is talked about: an official begins it there, or its person books one about it.
create table case_appointment (
  case_id uuid not null references case_file on delete cascade,
  appointment_id uuid not null references appointment,
  office_id integer not null references office,
  tied_at timestamptz not null,
  tied_by text not null,
  primary key (case_id, appointment_id)
);
create index case_appointment_of_appointment on case_appointment (appointment_id);
call isolate('case_appointment');

-- Who waits for an appointment about a case: what they get by an offer is about it.
create table case_waiting (
  wait_list_id uuid primary key references wait_list,
  case_id uuid not null references case_file on delete cascade,
  office_id integer not null references office
);
create index case_waiting_of_case on case_waiting (case_id);
call isolate('case_waiting');
