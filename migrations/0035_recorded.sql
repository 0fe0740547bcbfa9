-- The statements that book, move and reassign an appointment write the audit record themselves. Before, the service wrote
-- it in a second transaction, or not at all when a token or the citizen acted; when that failed, the deed stood without its
-- record. The desk in the record is the one at which the appointment stood when the deed was done.

-- As before. New: p_follows is the appointment from which this one goes on, or null; and the audit record.
drop function book_appointment(integer, integer, integer[], timestamptz, timestamptz, timestamptz, tstzrange, timestamptz, bytea, jsonb, bytea, bytea, text, jsonb, integer);
create function book_appointment(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_hash bytea,
  p_appointment jsonb, p_link_hash bytea, p_content_hash bytea, p_actor text, p_notices jsonb, p_open_most integer, p_follows uuid,
  out outcome text, out desk_id integer
) language plpgsql as $$
declare
  claimed bigint;
  wanted appointment := jsonb_populate_record(null::appointment, p_appointment);
begin
  perform set_config('app.office', p_office::text, true);
  if wanted.external_id is not null or wanted.idempotency_key is not null then
    perform from appointment a
      where a.office_id = p_office and (a.external_id = wanted.external_id or a.idempotency_key = wanted.idempotency_key);
    if found then
      outcome := 'again';
      return;
    end if;
  end if;

  call lock_office_shared(p_office);
  perform from office b where b.id = p_office and b.revision = p_revision;
  if not found then
    outcome := 'stale';
    return;
  end if;
  if p_open_most is not null and has_enough(p_office, wanted.email, wanted.phone, p_open_most, p_now, null) then
    outcome := 'too_many';
    return;
  end if;

  if p_hold_hash is not null then
    update desk_time t set hold_until = null, hold_hash = null, held_by = null
      where t.hold_hash = p_hold_hash and t.hold_until > p_now and t.desk_id = any (p_desks)
        and t.starts = p_starts and t.during = tstzrange(p_starts, p_busy_until)
      returning t.id, t.desk_id into claimed, desk_id;
    if not found then
      delete from desk_time t where t.hold_hash = p_hold_hash;
    end if;
  end if;
  if claimed is null then
    select c.time_id, c.desk_id into claimed, desk_id
      from claim_time(p_office, p_desks, p_starts, p_ends, p_busy_until, p_day, p_now, null, null) c;
  end if;
  if claimed is null then
    outcome := 'taken';
    return;
  end if;

  insert into appointment (
    id, office_id, reference, procedure_id, channel, language, notice_language, desk_id, time_id, starts, ends, status,
    name, email, phone, on_behalf_of, needs, comment, link_hash, external_id, idempotency_key, content_hash,
    created_at, updated_at
  ) values (
    wanted.id, p_office, wanted.reference, wanted.procedure_id, wanted.channel, wanted.language, wanted.notice_language,
    book_appointment.desk_id, claimed, p_starts, p_ends, 'booked', wanted.name, wanted.email, wanted.phone, wanted.on_behalf_of, wanted.needs,
    wanted.comment, p_link_hash, wanted.external_id, wanted.idempotency_key, p_content_hash, p_now, p_now
  );
  insert into event (office_id, appointment_id, kind, at, actor) values (p_office, wanted.id, 'booked', p_now, p_actor);
  insert into notice (
    id, office_id, appointment_id, kind, channel, recipient, language, facts, created_at, not_before, expires_at, next_try_at
  )
    select n.id, p_office, wanted.id, n.kind, n.channel, n.recipient, n.language, n.facts, p_now, n.not_before, n.expires_at, n.not_before
    from jsonb_populate_recordset(null::notice, p_notices) n;
  insert into follow_up (appointment_id, office_id, follows) select wanted.id, p_office, p_follows where p_follows is not null;
  insert into audit (office_id, appointment_id, actor, action, at, data)
    values (p_office, wanted.id, p_actor, 'booked', p_now,
      jsonb_strip_nulls(jsonb_build_object('desk', book_appointment.desk_id, 'follows', p_follows)));
  outcome := 'booked';
end $$;

-- As before. New: the audit record.
create or replace function move_appointment(
  p_office integer, p_revision integer, p_id uuid, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_channel text, p_actor text, p_data jsonb, p_notices jsonb,
  p_hold_hash bytea
) returns text language plpgsql as $$
declare
  old appointment;
  claimed record;
  place jsonb; -- where it was
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
    time_id = claimed.time_id, desk_id = claimed.desk_id, channel = p_channel, starts = p_starts, ends = p_ends,
    sequence = a.sequence + 1, updated_at = p_now
    where a.id = p_id;
  place := jsonb_build_object(
    'start', to_char(old.starts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'channel', old.channel);
  insert into event (office_id, appointment_id, kind, at, actor, data)
    values (p_office, p_id, 'moved', p_now, p_actor, p_data || jsonb_build_object('from', place));
  update notice n set dropped_at = p_now
    where n.appointment_id = p_id and n.sent_at is null and n.dropped_at is null and n.failed_at is null;
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

-- As before. New: the audit record, which names the desk that it was given to.
create or replace function reassign_appointment(
  p_office integer, p_revision integer, p_id uuid, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_seen_desk integer, p_seen_starts timestamptz,
  p_actor text, p_data jsonb,
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

  select c.time_id, c.desk_id into claimed
    from claim_time(p_office, array_remove(p_desks, old.desk_id), p_starts, p_ends, p_busy_until, p_day, p_now, null, null) c;
  if claimed.time_id is null then
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
