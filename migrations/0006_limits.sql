-- So that nobody takes more than they need: how many times one network address keeps at once, and how many appointments to
-- come one person has. Several processes share the counts, so they are made here.

-- Who keeps the time, where it is a citizen filling in the form: a keyed hash of their network address, another each day.
alter table desk_time add column held_by bytea;
create index desk_time_held_by on desk_time (held_by) where held_by is not null;

alter table journey add column begun_by bytea; -- as held_by
alter table journey add column refusals smallint not null default 0; -- how often its person had too many appointments
create index journey_begun on journey (begun_by, created_at) where begun_by is not null;

create index appointment_of_email on appointment (office_id, email, starts) where status = 'booked';
create index appointment_of_phone on appointment (office_id, phone, starts) where status = 'booked';

-- Whether somebody has as many appointments to come as they may: by their e-mail address, or by their telephone. Until the
-- transaction ends nobody else counts the same person's; the locks are taken in the order of their numbers, so that two who
-- share a telephone don't wait for each other.
create function has_enough(p_office integer, p_email text, p_phone text, p_most integer, p_now timestamptz, p_except uuid)
  returns boolean language plpgsql as $$
declare
  space integer := hashtext('finestreta.person');
  one integer := hashtext(p_office || ' ' || p_email);
  two integer := hashtext(p_office || ' ' || p_phone);
begin
  perform pg_advisory_xact_lock(space, least(one, two));
  perform pg_advisory_xact_lock(space, greatest(one, two));
  return exists (
    select from appointment a
    where a.office_id = p_office and a.email = p_email and a.status = 'booked' and a.starts > p_now and a.id is distinct from p_except
    offset p_most - 1
  ) or exists (
    select from appointment a
    where a.office_id = p_office and a.phone = p_phone and a.status = 'booked' and a.starts > p_now and a.id is distinct from p_except
    offset p_most - 1
  );
end $$;

-- As before, and answers too_many to whoever has p_open_most appointments to come (null: as many as they like): then nothing
-- has changed, their hold neither.
drop function book_appointment(integer, integer, integer[], timestamptz, timestamptz, timestamptz, tstzrange, timestamptz, bytea, jsonb, bytea, bytea, text, jsonb);
create function book_appointment(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_hash bytea,
  p_appointment jsonb, p_link_hash bytea, p_content_hash bytea, p_actor text, p_notices jsonb, p_open_most integer,
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
  outcome := 'booked';
end $$;

-- As before, and answers too_many where p_held_by keeps p_most times already. p_instead_of is a hold of the same booking: it
-- isn't counted, and is given back once the new time is kept.
drop function hold_time(integer, integer, integer[], timestamptz, timestamptz, timestamptz, tstzrange, timestamptz, timestamptz, bytea);
create function hold_time(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_until timestamptz, p_hold_hash bytea,
  p_held_by bytea, p_most integer, p_instead_of bytea
) returns text language plpgsql as $$
declare
  claimed bigint;
begin
  perform set_config('app.office', p_office::text, true);
  call lock_office_shared(p_office);
  perform from office b where b.id = p_office and b.revision = p_revision;
  if not found then return 'stale'; end if;
  if p_held_by is not null then
    perform pg_advisory_xact_lock(hashtext('finestreta.holds'), hashtext(encode(p_held_by, 'hex')));
    perform from desk_time t
      where t.held_by = p_held_by and t.hold_until > p_now and t.hold_hash is distinct from p_instead_of
      offset p_most - 1;
    if found then return 'too_many'; end if;
  end if;
  select c.time_id into claimed
    from claim_time(p_office, p_desks, p_starts, p_ends, p_busy_until, p_day, p_now, p_hold_until, p_hold_hash) c;
  if claimed is null then return 'taken'; end if;
  update desk_time t set held_by = p_held_by where t.id = claimed and p_held_by is not null;
  delete from desk_time t where t.hold_hash = p_instead_of;
  return 'held';
end $$;
