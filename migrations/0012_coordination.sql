-- What coordinators do to a day: another desk for an appointment, a desk that is away, and citizens whose hour could not be kept.

-- Absences that somebody wrote down in the console. Applying a town file leaves them alone.
alter table absence add column origin text not null default 'file' check (origin in ('file', 'console'));
alter table absence add column made_at timestamptz;
alter table absence add column made_by integer references staff;
-- When the desk's appointments had all been given away or displaced; until then a worker goes on with them.
alter table absence add column settled_at timestamptz;
alter table absence add check (origin = 'file' or (made_at is not null and made_by is not null));

-- Since when nobody can attend the appointment at its hour, though it is still booked: its time is given back, and its citizen
-- is asked to choose another.
alter table appointment add column displaced_at timestamptz;
create index appointment_displaced on appointment (office_id) where displaced_at is not null and status = 'booked';

-- Whoever has a time again isn't displaced, whichever way it came.
create function keep_displaced() returns trigger language plpgsql as $$
begin
  new.displaced_at := null;
  return new;
end $$;
create trigger appointment_has_time before update of time_id on appointment
  for each row when (new.time_id is not null and new.displaced_at is not null) execute function keep_displaced();

-- Who waits because their hour could not be kept, and no longer does once they have another.
alter table waiting add column displaced boolean not null default false;

-- Gives an appointment to one of these desks at the hour that it has. p_starts and p_ends: the time that it takes of the desk,
-- from now on where its hour has come already. Answers reassigned, taken, stale (the office's catalogue or rota is newer than the
-- caller's), changed (it is at another desk or hour than the caller saw), not_open or not_found.
create function reassign_appointment(
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
  outcome := 'reassigned';
  desk_id := claimed.desk_id;
end $$;
