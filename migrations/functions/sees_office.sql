-- Returns whether the transaction may see rows of this office. Each transaction says for which office it acts (set local
-- app.office): an office's id, or * for the installation itself (sign-in, workers, the town file). A transaction that says
-- nothing sees nothing. After a set local has ended, the setting is '' and not null.
-- The setting is compared as a number: then the planner knows how many rows an office has. Compared as text, it would expect
-- one row of 200.
create or replace function sees_office(id integer) returns boolean
  language sql stable parallel safe
  as $$ select id = nullif(nullif(current_setting('app.office', true), ''), '*')::integer or current_setting('app.office', true) = '*' $$;
