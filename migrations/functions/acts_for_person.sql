-- Returns whether the transaction acts for one person (set local app.person). It is false, and not null, where a session has never said so: with
-- null, a policy would go on and ask its function of each row.
create or replace function acts_for_person() returns boolean
  language sql stable parallel safe
  as $$ select coalesce(current_setting('app.person', true), '') <> '' $$;
