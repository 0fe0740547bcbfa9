-- Who is in the room of a video appointment. A seat is a page of a browser; of each side one is taken at most, the last.
create table seat (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  side text not null check (side in ('citizen', 'agent')),
  since timestamptz not null,
  seen_at timestamptz not null, -- its stream of events was open
  left_at timestamptz
);
create unique index seat_taken on seat (appointment_id, side) where left_at is null;
create index seat_seen on seat (seen_at) where left_at is null;
call isolate('seat');

-- What the two browsers tell each other so as to meet, until it is told. Kept for minutes: it holds network addresses.
create table signal (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  seat_id uuid not null references seat on delete cascade, -- to whom
  at timestamptz not null,
  data jsonb not null check (length(data::text) <= 40000)
);
create index signal_of_seat on signal (seat_id, id);
call isolate('signal');
