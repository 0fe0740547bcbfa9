-- Returns when these desks are taken, in epoch minutes: one row a desk, its stretches in order as the text of multiranges, of which two may touch.
-- Holds that have ended do not count, nor does the time of the appointment p_except, which is to be moved.
create or replace function busy_minutes(p_office integer, p_desks integer[], p_first_day integer, p_last_day integer, p_now timestamptz, p_except uuid)
  returns table (desk_id integer, busy text) language plpgsql as $$
begin
  perform set_config('app.office', p_office::text, true);
  return query
    with freed as materialized (
      select t.desk_id, range_agg(epoch_minutes(t.during)) as minutes from desk_time t
      where t.office_id = p_office and t.hold_until <= p_now
         or t.id = (select a.time_id from appointment a where a.id = p_except)
      group by t.desk_id
    )
    select d.desk_id, string_agg(d.spans, '')
    from (
      select e.desk_id, coalesce(e.spans, e.busy::text) as spans from desk_day e
      where e.desk_id = any (p_desks) and e.day between p_first_day and p_last_day
        and not exists (select from freed f where f.desk_id = e.desk_id)
      order by e.desk_id, e.day
    ) d
    group by d.desk_id
    union all
    select f.desk_id, (range_agg(d.busy) - f.minutes)::text
    from freed f join desk_day d on d.desk_id = f.desk_id
    where f.desk_id = any (p_desks) and d.day between p_first_day and p_last_day
    group by f.desk_id, f.minutes;
end $$;
