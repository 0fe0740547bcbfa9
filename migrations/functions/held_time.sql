-- Returns the desk and the minutes of a hold; no row: it has ended.
create or replace function held_time(p_office integer, p_starts timestamptz, p_now timestamptz, p_hold_hash bytea)
  returns table (desk_id integer, minutes text) language plpgsql as $$
begin
  perform set_config('app.office', p_office::text, true);
  return query select t.desk_id, epoch_minutes(t.during)::text from desk_time t
    where t.hold_hash = p_hold_hash and t.hold_until > p_now and t.starts = p_starts;
end $$;
