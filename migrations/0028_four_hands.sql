-- Cases that an official helps to fill in while they serve somebody (docs/adr/0101).

alter table case_file
  -- The encounter in which it was begun; null: on-line. Undoing the beginning of an encounter leaves the draft to its applicant.
  add column encounter_id uuid references encounter on delete set null;
create index case_file_of_encounter on case_file (encounter_id) where encounter_id is not null;
