-- Returns whether the transaction may see rows of this person. A transaction acts for one person (set local app.person), or for the
-- installation (app.office is *). Offices see no row of a person by this.
create or replace function sees_person(id uuid) returns boolean
  language sql stable parallel safe
  as $$ select id = nullif(current_setting('app.person', true), '')::uuid or current_setting('app.office', true) = '*' $$;
