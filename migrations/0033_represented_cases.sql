-- Cases that somebody begins for another person, or for an organisation (docs/adr/0107). The case is the represented person's (person_id of
-- case_file); of an organisation, of whoever began it and of everybody who acts for it by a certificate.

create table case_representation (
  case_id uuid primary key references case_file on delete cascade,
  office_id integer not null references office,
  representation_id uuid references representation on delete set null, -- null: it is of an organisation, or the authorisation is gone
  organisation text, -- its NIF; null: it is of a person
  begun_by uuid references person, -- whoever began it for an organisation, who reads this without a look at the case
  made_at timestamptz not null,
  check (num_nonnulls(representation_id, organisation) <= 1),
  check (num_nonnulls(organisation, begun_by) <> 1)
);
create index case_representation_by_beginner on case_representation (begun_by) where begun_by is not null;
create index case_representation_by_authorisation on case_representation (representation_id) where representation_id is not null;
call isolate('case_representation');
-- What the person began for an organisation, and those of their own authorisations: row-level security of that table applies.
create policy own_person on case_representation for select using (current_setting('app.person', true) <> ''
  and (sees_person(begun_by) or exists (select from representation r where r.id = representation_id)));
-- Whoever acts for somebody reads which cases they have begun for them, as long as the authorisation is valid. It is asked of each row: look the
-- ids up first, so that it is asked of those alone.
create policy own_represented on case_file for select using (
  current_setting('app.person', true) <> '' and represents_in_case(id));
