-- Who found no time that suits, or has one and would rather an earlier one. First come, first offered. Who had none has
-- appointment_id too once they are served: the one that an offer became.
create table waiting (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid references appointment, -- whose time they would have earlier; null: none yet
  procedure_id integer not null references procedure,
  channel text not null,
  language text not null, -- of the encounter
  notice_language text not null,
  -- Which times are of use: local days of the office, both included, and a part of the day.
  first_day date,
  last_day date,
  part text check (part in ('morning', 'afternoon')),
  -- As in appointment; empty where the appointment says it.
  name text not null default '',
  email text,
  phone text,
  on_behalf_of text,
  needs text[] not null default '{}',
  comment text not null default '',
  link_hash bytea not null unique, -- SHA-256 of the secret in their link
  since timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('served', 'left', 'too_late', 'appointment_ended')),
  forgotten_at timestamptz, -- when who it was for was destroyed
  check ((ended_at is null) = (ended_why is null))
);
create index waiting_first on waiting (office_id, since, id) where ended_at is null;
create unique index waiting_of_appointment on waiting (appointment_id) where ended_at is null;
create index waiting_to_forget on waiting (office_id, ended_at) where ended_at is not null and forgotten_at is null;
call isolate('waiting');

-- One worker at a time looks after an office's list; the others have something else to do.
create function may_offer(p_office integer) returns boolean language sql
  as $$ select pg_try_advisory_xact_lock(hashtext('finestreta.waiting'), p_office) $$;

alter table notice add column waiting_id uuid references waiting;
alter table notice add check (num_nonnulls(appointment_id, waiting_id) > 0);
create index notice_of_waiting on notice (waiting_id) where waiting_id is not null;

-- A time that somebody who waits was offered. Until it ends the time is kept for them alone, as a hold in desk_time.
create table offer (
  id uuid primary key,
  office_id integer not null references office,
  waiting_id uuid not null references waiting,
  starts timestamptz not null,
  offered_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('accepted', 'declined', 'expired')),
  check ((ended_at is null) = (outcome is null))
);
create index offer_of_waiting on offer (waiting_id, offered_at);
create index offer_lately on offer (office_id, offered_at); -- what a person was offered today
create unique index offer_open on offer (waiting_id) where ended_at is null;
call isolate('offer');

-- A time that is kept, for whom it is kept: whose time it is and which minutes it takes. Nothing when it has ended.
create function held_time(p_office integer, p_starts timestamptz, p_now timestamptz, p_hold_hash bytea)
  returns table (desk_id integer, minutes text) language plpgsql as $$
begin
  perform set_config('app.office', p_office::text, true);
  return query select t.desk_id, epoch_minutes(t.during)::text from desk_time t
    where t.hold_hash = p_hold_hash and t.hold_until > p_now and t.starts = p_starts;
end $$;
