-- The first floor: offices and their walls, the catalogue, the rota, desks' time, appointments and what follows from them.
-- Instants are timestamptz. Wall-clock times of an office's zone (shifts, absences, closures) are date, time and timestamp.
-- No default asks the database for the time: the service's clock says what time it is.

-- Exclusion constraints that combine an integer with a range.
create extension if not exists btree_gist;

-- ── Walls between offices ──────────────────────────────────────────────────────────────────────────────────────────
-- Each transaction says for which office it acts (set local app.office): its id, or * for the installation itself
-- (sign-in, the worker, the town file). Nothing said: nothing seen. After a set local the setting is '' and not null.
-- Compared as a number, the planner knows how many rows an office has; compared as text it believes in one row of 200.
create function sees_office(id integer) returns boolean
  language sql stable parallel safe
  as $$ select id = nullif(nullif(current_setting('app.office', true), ''), '*')::integer or current_setting('app.office', true) = '*' $$;

-- Every table with an office_id gets the same wall. "force" binds the owner too, since the service may connect as the owner.
create procedure isolate(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy own_office on %I using (sees_office(office_id)) with check (sees_office(office_id))', name);
end $$;

-- What has happened can be added to, never changed.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- ── Town, offices, catalogue ───────────────────────────────────────────────────────────────────────────────────────
create table town (
  id integer primary key check (id = 1),
  settings jsonb not null,
  applied_at timestamptz not null
);
alter table town enable row level security;
alter table town force row level security;
create policy everybody_reads on town for select using (true);
create policy installation_writes on town using (current_setting('app.office', true) = '*');

create table office (
  id integer generated always as identity primary key,
  code text not null unique,
  position integer not null,
  name jsonb not null,
  settings jsonb not null,
  -- Raised by every change of the office's catalogue or rota, so that what is kept in memory is known to be stale.
  revision integer not null default 1,
  retired_at timestamptz
);
alter table office enable row level security;
alter table office force row level security;
create policy own_office on office using (sees_office(id)) with check (sees_office(id));

-- The offices that are open, in the town's order. Asked by every request, so it is one statement without a transaction.
create function open_offices() returns table (id integer, code text, revision integer) language plpgsql as $$
begin
  perform set_config('app.office', '*', true);
  return query select b.id, b.code, b.revision from office b where b.retired_at is null order by b.position;
end $$;

create table procedure (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  code text not null,
  position integer not null,
  settings jsonb not null,
  retired_at timestamptz,
  unique (office_id, code)
);
call isolate('procedure');

-- ── Rota ──────────────────────────────────────────────────────────────────────────────────────────────────────────
create table desk (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  code text not null,
  name text not null,
  skills text[], -- procedure codes; null: all
  languages text[] not null,
  channels text[] not null,
  assigned_at timestamptz, -- when an appointment last fell to them: who waits longest is next
  retired_at timestamptz,
  unique (office_id, code)
);
call isolate('desk');

create table shift (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  weekdays smallint[] not null, -- ISO: 1 is Monday
  starts text not null, -- 'HH:MM'
  ends text not null, -- 'HH:MM'; not after starts: the next day
  since date not null,
  until date
);
create index shift_of_office on shift (office_id);
call isolate('shift');

create table absence (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  starts timestamp not null,
  ends timestamp not null,
  why text not null default '',
  check (starts < ends)
);
create index absence_of_office on absence (office_id);
call isolate('absence');

create table closure (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  first_day date not null,
  last_day date not null,
  why jsonb not null default '{}',
  check (first_day <= last_day)
);
create index closure_of_office on closure (office_id);
call isolate('closure');

-- ── Agents' time ──────────────────────────────────────────────────────────────────────────────────────────────────
-- One row for each stretch of an agent's time that is promised: to an appointment, or to somebody who is filling in the
-- form (hold_until). The exclusion constraint is the arbiter of double booking; it can't ask what time it is, so a hold
-- that has ended stands until claim_time meets it or the sweep removes it.
create table desk_time (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  starts timestamptz not null,
  ends timestamptz not null,
  during tstzrange not null, -- from starts to ends plus the buffer
  hold_until timestamptz,
  hold_hash bytea unique,
  hold_extended boolean not null default false,
  exclude using gist (desk_id with =, during with &&)
);
-- How many minutes a desk has that day.
create index desk_time_of_desk on desk_time (desk_id, starts);
-- Holds that have ended: read by every search for slots, so it must stay tiny.
create index desk_time_hold on desk_time (office_id, hold_until) where hold_until is not null;
call isolate('desk_time');

-- The same time, as one row a desk and UTC day, in epoch minutes. Reading it costs a tenth of reading desk_time,
-- and no more when there are ten times as many appointments. Kept by the trigger below, in the same transaction.
create table desk_day (
  desk_id integer not null references desk,
  day integer not null, -- days since 1970-01-01, UTC
  office_id integer not null references office,
  busy int4multirange not null,
  primary key (desk_id, day)
);
call isolate('desk_day');

create function epoch_minutes(during tstzrange) returns int4range
  language sql immutable parallel safe
  as $$ select int4range(floor(extract(epoch from lower(during)) / 60)::int, ceil(extract(epoch from upper(during)) / 60)::int) $$;

-- Adds to or takes from desk_day. Rows of one desk don't overlap, so taking one away never frees another's minutes.
-- "busy + x" is computed on the newest version of the row, so two bookings at once both count.
create procedure mark_desk_days(p_desk integer, p_office integer, p_during tstzrange, p_taken boolean) language plpgsql as $$
declare
  minutes int4range := epoch_minutes(p_during);
  part int4multirange;
begin
  for this_day in lower(minutes) / 1440 .. (upper(minutes) - 1) / 1440 loop
    part := int4multirange(minutes * int4range(this_day * 1440, (this_day + 1) * 1440));
    if p_taken then
      insert into desk_day as d (desk_id, day, office_id, busy) values (p_desk, this_day, p_office, part)
        on conflict (desk_id, day) do update set busy = d.busy + excluded.busy;
    else
      update desk_day d set busy = d.busy - part where d.desk_id = p_desk and d.day = this_day;
    end if;
  end loop;
end $$;

create function keep_desk_day() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    call mark_desk_days(old.desk_id, old.office_id, old.during, false);
  else
    call mark_desk_days(new.desk_id, new.office_id, new.during, true);
  end if;
  return null;
end $$;
create trigger keep_desk_day after insert or delete on desk_time for each row execute function keep_desk_day();
-- A stretch of time is never edited into another one: it is given back and claimed anew.
create trigger desk_time_stays before update of desk_id, during on desk_time for each row execute function refuse_change();

-- ── Appointments ──────────────────────────────────────────────────────────────────────────────────────────────────
create table appointment (
  id uuid primary key,
  office_id integer not null references office,
  reference text not null unique, -- what a person reads out: K7M-2QX
  procedure_id integer not null references procedure,
  channel text not null,
  language text not null, -- of the encounter
  notice_language text not null, -- of what is written to the citizen
  desk_id integer not null references desk,
  time_id bigint unique references desk_time, -- null once the time was given back
  starts timestamptz not null,
  ends timestamptz not null,
  status text not null check (status in ('booked', 'arrived', 'in_progress', 'fulfilled', 'noshow', 'cancelled')),
  name text not null,
  email text,
  phone text, -- E.164
  on_behalf_of text, -- whom it is for, when not for who books
  needs text[] not null default '{}',
  comment text not null default '',
  link_hash bytea not null unique, -- SHA-256 of the secret in the citizen's link
  sequence integer not null default 0, -- of the calendar entry (RFC 5545, 3.8.7.4)
  external_id text,
  idempotency_key text,
  content_hash bytea, -- of the request that made it, to tell a repetition from another one
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (office_id, external_id),
  unique (office_id, idempotency_key),
  check (starts < ends)
);
create index appointment_of_office on appointment (office_id, starts, id);
create index appointment_of_desk on appointment (desk_id, starts);
call isolate('appointment');

-- What happened to an appointment: who, when, why. Its ids are the sequence that consoles resume from.
create table event (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  kind text not null, -- booked, moved, contact_changed, cancelled, attempt, started, fulfilled, noshow, answered
  at timestamptz not null,
  actor text not null, -- citizen, staff:7, token:2, system
  data jsonb not null default '{}'
);
create index event_of_appointment on event (appointment_id, id);
call isolate('event');
create trigger event_stays before update or delete on event for each row execute function refuse_change();

-- The outbox: a message that is owed to a person, written in the transaction of what it tells. It keeps the facts of that
-- moment and neither its words nor its links: those are made when it is sent, so a stolen database opens no appointment.
create table notice (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  kind text not null, -- confirmation, change, cancellation, noshow, survey
  channel text not null check (channel in ('email', 'sms')),
  recipient text not null,
  language text not null,
  facts jsonb not null,
  created_at timestamptz not null,
  not_before timestamptz not null,
  expires_at timestamptz, -- then it is dropped rather than sent late
  attempts integer not null default 0,
  next_try_at timestamptz not null,
  last_error text,
  sent_at timestamptz,
  dropped_at timestamptz,
  failed_at timestamptz
);
create index notice_due on notice (next_try_at) where sent_at is null and dropped_at is null and failed_at is null;
create index notice_of_appointment on notice (appointment_id);
call isolate('notice');

-- ── Holding and booking ───────────────────────────────────────────────────────────────────────────────────────────
-- Claims a stretch of time of one of these desks: the fewest minutes that day, then least recently assigned, then by
-- code. "on conflict do nothing" makes who loses a race wait for the winner and go on; plain inserts deadlock.
create function claim_time(
  p_office integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz, p_busy_until timestamptz,
  p_day tstzrange, p_now timestamptz, p_hold_until timestamptz, p_hold_hash bytea,
  out time_id bigint, out desk_id integer
) language plpgsql as $$
declare
  wanted tstzrange := tstzrange(p_starts, p_busy_until);
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
      offset 0 -- so that only those are asked whether they are free whose turn it is
    ) o
    where not exists (
      -- Behind a wall an index is searched by comparisons that can't leak, and && isn't one: without the bounds of starts
      -- an agent's whole past would be read. Nothing lasts a day (town file: at most 480 minutes and a buffer of 240).
      select from desk_time t
      where t.desk_id = o.id and t.starts > p_starts - interval '1 day' and t.starts < p_busy_until and t.during && wanted
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

-- Serialises with the town file: who books shares the office, who applies a town file has it alone.
create procedure lock_office_shared(p_office integer) language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('finestreta.office'), p_office);
end $$;
create procedure lock_office(p_office integer) language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('finestreta.office'), p_office);
end $$;

-- One booking, whole, in one round trip: time, appointment, event, notices.
-- Answers booked; again (the same key made one before); taken; stale (the office's catalogue or
-- rota is newer than the caller's).
create function book_appointment(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_hash bytea,
  p_appointment jsonb, p_link_hash bytea, p_content_hash bytea, p_actor text, p_notices jsonb,
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

  if p_hold_hash is not null then
    update desk_time t set hold_until = null, hold_hash = null
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

-- Keeps a stretch of time for somebody who is filling in the form. Answers held, taken or stale.
create function hold_time(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_until timestamptz, p_hold_hash bytea
) returns text language plpgsql as $$
declare
  claimed bigint;
begin
  perform set_config('app.office', p_office::text, true);
  call lock_office_shared(p_office);
  perform from office b where b.id = p_office and b.revision = p_revision;
  if not found then return 'stale'; end if;
  select c.time_id into claimed
    from claim_time(p_office, p_desks, p_starts, p_ends, p_busy_until, p_day, p_now, p_hold_until, p_hold_hash) c;
  return case when claimed is null then 'taken' else 'held' end;
end $$;

-- Moves an appointment to another time, another channel or both. Its own time doesn't stand in its way, and stays its own
-- when the new one is taken. Answers moved, taken, stale, not_open (no longer booked) or not_found.
create function move_appointment(
  p_office integer, p_revision integer, p_id uuid, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_channel text, p_actor text, p_data jsonb, p_notices jsonb
) returns text language plpgsql as $$
declare
  old appointment;
  claimed record;
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
  insert into event (office_id, appointment_id, kind, at, actor, data) values (p_office, p_id, 'moved', p_now, p_actor, p_data);
  -- What still waits tells of a time that no longer holds; sent after the news, it would be believed.
  update notice n set dropped_at = p_now
    where n.appointment_id = p_id and n.kind in ('confirmation', 'change')
      and n.sent_at is null and n.dropped_at is null and n.failed_at is null;
  insert into notice (
    id, office_id, appointment_id, kind, channel, recipient, language, facts, created_at, not_before, expires_at, next_try_at
  )
    select n.id, p_office, p_id, n.kind, n.channel, n.recipient, n.language, n.facts, p_now, n.not_before, n.expires_at, n.not_before
    from jsonb_populate_recordset(null::notice, p_notices) n;
  return 'moved';
end $$;

-- When these desks are taken, in epoch minutes: one row a desk. Holds that have ended don't count, nor does the time of
-- the appointment that is to be moved.
create function busy_minutes(p_office integer, p_desks integer[], p_first_day integer, p_last_day integer, p_now timestamptz, p_except uuid)
  returns table (desk_id integer, busy text) language plpgsql as $$
begin
  perform set_config('app.office', p_office::text, true);
  return query
    with freed as (
      select t.desk_id, range_agg(epoch_minutes(t.during)) as minutes from desk_time t
      where t.office_id = p_office and t.hold_until <= p_now
         or t.id = (select a.time_id from appointment a where a.id = p_except)
      group by t.desk_id
    )
    select d.desk_id, (range_agg(d.busy) - coalesce((select f.minutes from freed f where f.desk_id = d.desk_id), '{}'))::text
    from desk_day d
    where d.desk_id = any (p_desks) and d.day between p_first_day and p_last_day
    group by d.desk_id;
end $$;

-- ── The citizen's answers while booking ───────────────────────────────────────────────────────────────────────────
create table journey (
  key_hash bytea primary key, -- SHA-256 of the secret in the journey's address
  office_id integer not null references office,
  procedure_id integer not null references procedure,
  channel text not null,
  language text not null, -- of the encounter
  page_language text not null,
  starts timestamptz not null,
  hold_until timestamptz,
  answers jsonb not null default '{}',
  appointment_id uuid references appointment,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index journey_ended on journey (expires_at);
call isolate('journey');

-- ── The call and the encounter ────────────────────────────────────────────────────────────────────────────────────
create table attempt (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  number smallint not null, -- 1, 2, 3
  outcome text not null check (outcome in ('answered', 'no_answer', 'busy', 'voicemail', 'wrong_number', 'rejected')),
  at timestamptz not null,
  actor text not null,
  note text not null default '',
  unique (appointment_id, number)
);
call isolate('attempt');

create table encounter (
  appointment_id uuid primary key references appointment,
  office_id integer not null references office,
  desk_id integer references desk, -- who attends, when not whom it was assigned to
  started_at timestamptz not null,
  ended_at timestamptz,
  identity text check (identity in ('none', 'shown', 'electronic', 'questions')),
  identity_note text not null default '',
  notes text not null default '',
  wrap_up text, -- a code of the office's
  version integer not null default 1, -- raised by every save, so that nobody overwrites what they haven't seen
  actor text not null
);
call isolate('encounter');

-- One appointment holds several procedures carried out and queries answered.
create table encounter_item (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid not null references encounter,
  position smallint not null,
  kind text not null check (kind in ('procedure', 'query')),
  procedure_id integer references procedure, -- carried out, or asked about
  query text, -- a code of the office's frequent queries
  label text not null default '', -- in words, when neither says it
  outcome text not null
);
create index encounter_item_of_appointment on encounter_item (appointment_id, position);
call isolate('encounter_item');

-- ── Survey ────────────────────────────────────────────────────────────────────────────────────────────────────────
create table survey_answer (
  appointment_id uuid primary key references appointment,
  office_id integer not null references office,
  score smallint check (score between 0 and 10),
  solved text check (solved in ('yes', 'partly', 'no')),
  comment text not null default '',
  at timestamptz not null
);
call isolate('survey_answer');

-- ── Who may come in ───────────────────────────────────────────────────────────────────────────────────────────────
create table token (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  name text not null,
  hash bytea not null unique, -- SHA-256 of the token
  created_at timestamptz not null,
  revoked_at timestamptz
);
call isolate('token');

-- A person who works here may have roles in several offices, so a person stands above the walls and a role within one.
create table staff (
  id integer generated always as identity primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  user_id text unique, -- the account that they sign in with, once they have accepted the invitation
  operator boolean not null default false,
  retired_at timestamptz
);
alter table staff enable row level security;
alter table staff force row level security;
create policy installation on staff using (current_setting('app.office', true) = '*');

create table staff_role (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  staff_id integer not null references staff,
  role text not null check (role in ('agent', 'coordinator', 'administrator')),
  desk_id integer references desk,
  unique (staff_id, office_id, role)
);
call isolate('staff_role');

-- Every look at, and change of, a citizen's data by somebody who works here or by a token.
create table audit (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid references appointment,
  actor text not null,
  action text not null,
  at timestamptz not null,
  data jsonb not null default '{}'
);
create index audit_of_appointment on audit (appointment_id, id);
call isolate('audit');
create trigger audit_stays before update or delete on audit for each row execute function refuse_change();
