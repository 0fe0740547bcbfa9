-- Returns a person's preferences for the console; no row: they have chosen none. Every page of the console asks this, so it is
-- one statement without a transaction of its own.
create or replace function preference_of(id integer) returns table (keys_off boolean, keys jsonb, day_view text, alerts text[]) language plpgsql as $$
begin
  perform set_config('app.office', '*', true);
  return query select p.keys_off, p.keys, p.day_view, p.alerts from staff_preference p where p.staff_id = id;
end $$;
