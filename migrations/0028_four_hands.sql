-- Cases that an official helps to fill in while they serve somebody (docs/adr/0101).

alter table case_file
  -- The encounter in which it was begun; null: on-line. Undoing the beginning of an encounter leaves the draft to its applicant.
  add column encounter_id uuid references encounter on delete set null,
  -- Since when, by whom and for which version of the answers its applicant is asked to confirm it; null: they are not, or it was handed in.
  add column confirm_at timestamptz,
  add column confirm_by text,
  add column confirm_version integer,
  add check (num_nonnulls(confirm_at, confirm_by, confirm_version) in (0, 3));
create index case_file_of_encounter on case_file (encounter_id) where encounter_id is not null;
