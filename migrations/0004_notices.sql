-- More kinds of notices: reminders that are owed from the booking on, news of being late, answers to who lost the link,
-- offers of the waiting list. What bounced, and what a person no longer wants to be sent.

-- A notice may be about somebody who waits and has no appointment yet (0005).
alter table notice alter column appointment_id drop not null;
alter table notice add column bounced_at timestamptz; -- it was taken by the first server and came back from another
-- When it was let through to its recipient, within what one person is sent in a day: what is sent or on its way counts.
alter table notice add column admitted_at timestamptz;
create index notice_of_recipient on notice (office_id, recipient, sent_at) where admitted_at is not null;
update notice set admitted_at = sent_at where sent_at is not null;

-- What somebody asked not to be sent any more: reminders, surveys. The address is a keyed hash, so that the list names nobody.
create table muted (
  office_id integer not null references office,
  recipient_hash bytea not null,
  kind text not null,
  at timestamptz not null,
  primary key (office_id, recipient_hash, kind)
);
call isolate('muted');

-- As before, with three changes. A time that was kept for whoever moves (p_hold_hash: an offer of the waiting list) counts as
-- theirs. Everything that still waits to be told is dropped, whatever it is: it tells of a time that no longer holds. And
-- where it was before, and the sequence of the calendar entry, are said here, where the row is locked: two who move it at
-- once would both tell of the place where they last saw it.
drop function move_appointment(integer, integer, uuid, integer[], timestamptz, timestamptz, timestamptz, tstzrange, timestamptz, text, text, jsonb, jsonb);
create function move_appointment(
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
  return 'moved';
end $$;
