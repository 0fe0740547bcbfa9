-- Gives an appointment to one of these desks at the time that it has. p_starts and p_ends say which time it takes of the desk:
-- from now on, where the appointment has begun. With p_late its hour has come: the one desk of p_desks takes it in its first gap, since
-- its agent is free or will be soonest, whatever was booked for this hour. The audit record names both desks. outcome is one of
--   reassigned
--   taken: no desk is free
--   stale: the office's catalogue or rota is newer than p_revision
--   changed: it is at another desk or time than the caller saw
--   not_open, not_found
create or replace function reassign_appointment(
  p_office integer, p_revision integer, p_id uuid, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_seen_desk integer, p_seen_starts timestamptz,
  p_actor text, p_data jsonb, p_late boolean,
  out outcome text, out desk_id integer
) language plpgsql as $$
declare
  old appointment;
  claimed record;
begin
  perform set_config('app.office', p_office::text, true);
  select * into old from appointment a where a.id = p_id for update;
  if not found then
    outcome := 'not_found';
    return;
  end if;
  if old.status not in ('booked', 'arrived') then
    outcome := 'not_open';
    return;
  end if;
  if old.displaced_at is not null or old.desk_id <> p_seen_desk or old.starts <> p_seen_starts then
    outcome := 'changed';
    return;
  end if;
  call lock_office_shared(p_office);
  perform from office b where b.id = p_office and b.revision = p_revision;
  if not found then
    outcome := 'stale';
    return;
  end if;

  if p_late then
    select claim_gap(p_office, d.id, p_starts, p_ends, p_busy_until, upper(p_day), p_now) as time_id, d.id as desk_id into claimed
      from unnest(array_remove(p_desks, old.desk_id)) d (id) limit 1;
  else
    select c.time_id, c.desk_id into claimed
      from claim_time(p_office, array_remove(p_desks, old.desk_id), p_starts, p_ends, p_busy_until, p_day, p_now, null, null) c;
  end if;
  if claimed is null or claimed.time_id is null then
    outcome := 'taken';
    return;
  end if;
  update appointment a set time_id = claimed.time_id, desk_id = claimed.desk_id, updated_at = p_now where a.id = p_id;
  delete from desk_time t where t.id = old.time_id;
  insert into event (office_id, appointment_id, kind, at, actor, data)
    values (p_office, p_id, 'reassigned', p_now, p_actor, p_data || jsonb_build_object('leftDesk', old.desk_id, 'desk', claimed.desk_id));
  insert into audit (office_id, appointment_id, actor, action, at, data)
    values (p_office, p_id, p_actor, 'reassigned', p_now,
      jsonb_build_object('desk', old.desk_id, 'to', claimed.desk_id) || p_data);
  outcome := 'reassigned';
  desk_id := claimed.desk_id;
end $$;
