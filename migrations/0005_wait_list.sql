-- People who found no suitable time, or who have a time and want an earlier one. Offers are made in the order of arrival.
create table wait_list (
  id uuid primary key,
  office_id integer not null references office,
  -- The appointment that the person wants earlier, or that they got by an offer; null: none yet.
  appointment_id uuid references appointment,
  -- The person waits because their time could not be kept, and stops once they have another.
  displaced boolean not null default false,
  procedure_id integer not null references procedure,
  further text[] not null default '{}', -- as in appointment
  people smallint not null default 1 check (people > 0),
  channel text not null,
  language text not null, -- of the encounter
  site text, -- as in appointment
  notice_language text not null,
  -- Which times suit: local days of the office, both included, and a part of the day.
  first_day date,
  last_day date,
  part text check (part in ('morning', 'afternoon')),
  -- As in appointment; empty where the appointment has them.
  name text not null default '',
  email text,
  phone text,
  on_behalf_of text,
  needs text[] not null default '{}',
  interpreter text,
  comment text not null default '',
  since timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('served', 'left', 'too_late', 'appointment_ended')),
  forgotten_at timestamptz, -- when the person's data were destroyed
  check ((ended_at is null) = (ended_why is null))
);
create index wait_list_first on wait_list (office_id, since, id) where ended_at is null;
create unique index wait_list_of_appointment on wait_list (appointment_id) where ended_at is null;
create index wait_list_to_forget on wait_list (office_id, ended_at) where ended_at is not null and forgotten_at is null;
call isolate('wait_list');

-- A time that was offered to a person on the list. Until the offer ends, a hold in desk_time keeps the time for them.
create table offer (
  id uuid primary key,
  office_id integer not null references office,
  wait_list_id uuid not null references wait_list,
  starts timestamptz not null,
  offered_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('accepted', 'declined', 'expired')),
  check ((ended_at is null) = (outcome is null))
);
create index offer_of_wait_list on offer (wait_list_id, offered_at);
create index offer_lately on offer (office_id, offered_at); -- what a person was offered today
create unique index offer_open on offer (wait_list_id) where ended_at is null;
call isolate('offer');
