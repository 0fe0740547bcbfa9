-- Moves an appointment to another time, another channel or site, or all of them. Its own time is not in its way, and stays its own when the new
-- one is taken. p_hold_hash is a hold of the same person (an offer of the wait list), or null.
-- Notices of the kinds p_drops that were not sent yet are dropped: they tell of a time that no longer holds. The place before, and the number of the
-- calendar entry, are added to the new notices here, where the row is locked: callers could have read older ones.
-- The audit record names the desk before. Returns moved, taken, stale, not_open (it is no longer booked) or not_found.
create or replace function move_appointment(
  p_office integer, p_revision integer, p_id uuid, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_channel text, p_actor text, p_data jsonb, p_notices jsonb,
  p_hold_hash bytea, p_site text, p_drops text[]
) returns text language plpgsql as $$
declare
  old appointment;
  claimed record;
  place jsonb; -- before the move
begin
  perform set_config('app.office', p_office::text, true);
  select * into old from appointment a where a.id = p_id for update;
  if not found then return 'not_found'; end if;
  if old.status <> 'booked' then return 'not_open'; end if;
  call lock_office_shared(p_office);
  perform from office b where b.id = p_office and b.revision = p_revision;
  if not found then return 'stale'; end if;

  begin
    update appointment a set time_id = null where a.id = p_id;
    delete from desk_time t where t.id = old.time_id;
    if p_hold_hash is not null then
      delete from desk_time t where t.hold_hash = p_hold_hash;
    end if;
    select c.time_id, c.desk_id into claimed
      from claim_time(p_office, p_desks, p_starts, p_ends, p_busy_until, p_day, p_now, null, null) c;
    if claimed.time_id is null then
      raise exception using errcode = 'FT001', message = 'taken';
    end if;
  exception when sqlstate 'FT001' then
    return 'taken';
  end;

  update appointment a set
    time_id = claimed.time_id, desk_id = claimed.desk_id, channel = p_channel, site = p_site, starts = p_starts, ends = p_ends,
    sequence = a.sequence + 1, updated_at = p_now
    where a.id = p_id;
  place := jsonb_strip_nulls(jsonb_build_object(
    'start', to_char(old.starts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'channel', old.channel, 'site', old.site));
  insert into event (office_id, appointment_id, kind, at, actor, data)
    values (p_office, p_id, 'moved', p_now, p_actor, p_data || jsonb_build_object('from', place));
  update notice n set dropped_at = p_now
    where n.appointment_id = p_id and n.kind = any (p_drops) and n.sent_at is null and n.dropped_at is null and n.failed_at is null;
  insert into notice (
    id, office_id, appointment_id, kind, channel, recipient, language, facts, created_at, not_before, expires_at, next_try_at
  )
    select n.id, p_office, p_id, n.kind, n.channel, n.recipient, n.language,
      n.facts || jsonb_build_object('sequence', old.sequence + 1)
        || case n.kind when 'change' then jsonb_build_object('before', place) else '{}' end,
      p_now, n.not_before, n.expires_at, n.not_before
    from jsonb_populate_recordset(null::notice, p_notices) n;
  insert into audit (office_id, appointment_id, actor, action, at, data)
    values (p_office, p_id, p_actor, 'moved', p_now, jsonb_build_object('desk', old.desk_id));
  return 'moved';
end $$;
