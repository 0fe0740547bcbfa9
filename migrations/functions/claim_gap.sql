-- Claims time of a desk for an appointment whose hour has come: in the first gap of the desk from p_from on, as much as the appointment
-- needs or as the gap has. A gap of less than five minutes doesn't count. The time of appointments that ended a minute ago or more is
-- given back before: their agent is free, and the end can't be taken back any more. Returns null where the desk has no gap that begins before p_before.
create or replace function claim_gap(
  p_office integer, p_desk integer, p_from timestamptz, p_ends timestamptz, p_busy_until timestamptz, p_before timestamptz,
  p_now timestamptz
) returns bigint language plpgsql as $$
declare
  taken record;
  given_back bigint[];
  at timestamptz;
  until timestamptz;
  claimed bigint;
begin
  delete from desk_time t
    where t.office_id = p_office and t.hold_until <= p_now and t.desk_id = p_desk and t.starts < p_before;
  with ended as (
    update appointment a set time_id = null
    from desk_time t
    where t.id = a.time_id and t.desk_id = p_desk and a.status in ('fulfilled', 'noshow')
      and a.updated_at <= p_now - interval '1 minute'
      and t.starts > p_from - interval '1 day' and t.starts < p_busy_until and upper(t.during) > p_from
    returning t.id
  )
  select array_agg(e.id) into given_back from ended e;
  delete from desk_time t where t.id = any (given_back);

  -- A rival may take the gap between the look and the claim: then the next one is looked for.
  for attempt in 1..20 loop
    at := p_from;
    until := null;
    for taken in
      select lower(t.during) as first, upper(t.during) as last from desk_time t
      where t.desk_id = p_desk and t.starts > p_from - interval '1 day' and t.starts < p_before and upper(t.during) > p_from
      order by t.starts
    loop
      if taken.first >= at + interval '5 minutes' then
        until := taken.first;
        exit;
      end if;
      at := greatest(at, taken.last);
    end loop;
    if at >= p_before then
      return null;
    end if;
    insert into desk_time (office_id, desk_id, starts, ends, during)
      values (
        p_office, p_desk, at, least(at + (p_ends - p_from), until),
        tstzrange(at, least(at + (p_busy_until - p_from), until))
      )
      on conflict do nothing
      returning id into claimed;
    if claimed is not null then
      return claimed;
    end if;
  end loop;
  return null;
end $$;
