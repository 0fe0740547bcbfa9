-- Books an appointment in one round trip: time, appointment, event, notices and audit record. p_hold_hash is a hold of the same
-- person, which becomes the appointment's time; p_follows is the appointment that this one goes on from; either may be null.
-- p_busy_until null: of somebody who is served already by the only desk in p_desks, whose time is another's. None is claimed.
-- The audit record names the desk that was chosen. p_data is added to the event and to the audit record. outcome is one of
--   booked
--   again: an appointment with the same external id or idempotency key exists
--   stale: the office's catalogue or rota is newer than p_revision
--   too_many: the person has p_open_most appointments to come (null: no limit). Nothing has changed, the hold neither
--   taken: no desk is free
create or replace function book_appointment(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_hash bytea,
  p_appointment jsonb, p_link_hash bytea, p_content_hash bytea, p_actor text, p_notices jsonb, p_open_most integer, p_follows uuid,
  p_data jsonb default '{}',
  out outcome text, out desk_id integer
) language plpgsql as $$
declare
  claimed bigint;
  wanted appointment := jsonb_populate_record(null::appointment, '{"link": 0, "sequence": 0}' || p_appointment);
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
  if p_busy_until is null then
    desk_id := p_desks[1];
  elsif claimed is null then
    select c.time_id, c.desk_id into claimed, desk_id
      from claim_time(p_office, p_desks, p_starts, p_ends, p_busy_until, p_day, p_now, null, null) c;
  end if;
  if claimed is null and p_busy_until is not null then
    outcome := 'taken';
    return;
  end if;

  wanted.office_id := p_office;
  wanted.desk_id := book_appointment.desk_id;
  wanted.time_id := claimed;
  wanted.starts := p_starts;
  wanted.ends := p_ends;
  wanted.status := 'booked';
  wanted.content_hash := p_content_hash;
  wanted.created_at := p_now;
  wanted.updated_at := p_now;
  insert into appointment select wanted.*;
  insert into opening (hash, office_id, opens, subject) values (p_link_hash, p_office, 'appointment', wanted.id);
  insert into event (office_id, appointment_id, kind, at, actor, data)
    values (p_office, wanted.id, 'booked', p_now, p_actor, p_data);
  insert into notice (
    id, office_id, appointment_id, kind, channel, recipient, language, facts, created_at, not_before, expires_at, next_try_at
  )
    select n.id, p_office, wanted.id, n.kind, n.channel, n.recipient, n.language, n.facts, p_now, n.not_before, n.expires_at, n.not_before
    from jsonb_populate_recordset(null::notice, p_notices) n;
  insert into follow_up (appointment_id, office_id, follows) select wanted.id, p_office, p_follows where p_follows is not null;
  insert into audit (office_id, appointment_id, actor, action, at, data)
    values (p_office, wanted.id, p_actor, 'booked', p_now,
      jsonb_strip_nulls(jsonb_build_object('desk', book_appointment.desk_id, 'follows', p_follows)) || p_data);
  outcome := 'booked';
end $$;
