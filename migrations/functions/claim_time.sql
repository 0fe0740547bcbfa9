-- Claims a stretch of time at one of these desks and returns it; nulls: all are taken. The desk with the fewest booked minutes
-- that day comes first, then the one that was assigned least recently, then by code. With "on conflict do nothing" the
-- transaction that loses a race waits for the other one and goes on. Plain inserts deadlock.
create or replace function claim_time(
  p_office integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz, p_busy_until timestamptz,
  p_day tstzrange, p_now timestamptz, p_hold_until timestamptz, p_hold_hash bytea,
  out time_id bigint, out desk_id integer
) language plpgsql as $$
declare
  wanted tstzrange := tstzrange(p_starts, p_busy_until);
  minutes int4range := epoch_minutes(wanted);
begin
  delete from desk_time t
    where t.office_id = p_office and t.hold_until <= p_now and t.desk_id = any (p_desks) and t.during && wanted;
  for claim_time.desk_id in
    select o.id
    from (
      select a.id
      from desk a
      left join lateral (
        select sum(t.ends - t.starts) as booked from desk_time t
        where t.desk_id = a.id and t.starts >= lower(p_day) and t.starts < upper(p_day)
      ) day on true
      where a.id = any (p_desks)
      order by coalesce(day.booked, '0'), a.assigned_at nulls first, a.code
      offset 0 -- a fence: whether a desk is free is asked in this order, until one is
    ) o
    where not exists (
      -- One row, or two over midnight UTC. Under row-level security an index of desk_time is searched only by operators that
      -- cannot leak rows, and && is not one: all the appointments of each desk that is taken would be read.
      select from desk_day e
      where e.desk_id = o.id and e.day between lower(minutes) / 1440 and (upper(minutes) - 1) / 1440 and e.busy && minutes
    )
  loop
    insert into desk_time (office_id, desk_id, starts, ends, during, hold_until, hold_hash)
      values (p_office, claim_time.desk_id, p_starts, p_ends, wanted, p_hold_until, p_hold_hash)
      on conflict do nothing
      returning id into claim_time.time_id;
    if claim_time.time_id is not null then
      update desk a set assigned_at = p_now where a.id = claim_time.desk_id;
      return;
    end if;
  end loop;
  claim_time.desk_id := null;
end $$;
