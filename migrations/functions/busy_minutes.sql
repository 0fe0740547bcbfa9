-- Returns when these desks are taken, in epoch minutes: one row a desk. Holds that have ended do not count, nor does the time of
-- the appointment p_except, which is to be moved.
create or replace function busy_minutes(p_office integer, p_desks integer[], p_first_day integer, p_last_day integer, p_now timestamptz, p_except uuid)
  returns table (desk_id integer, busy text) language plpgsql as $$
begin
  perform set_config('app.office', p_office::text, true);
  return query
    with freed as (
      select t.desk_id, range_agg(epoch_minutes(t.during)) as minutes from desk_time t
      where t.office_id = p_office and t.hold_until <= p_now
         or t.id = (select a.time_id from appointment a where a.id = p_except)
      group by t.desk_id
    )
    select d.desk_id, (range_agg(d.busy) - coalesce((select f.minutes from freed f where f.desk_id = d.desk_id), '{}'))::text
    from desk_day d
    where d.desk_id = any (p_desks) and d.day between p_first_day and p_last_day
    group by d.desk_id;
end $$;
