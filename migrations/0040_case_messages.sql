-- What an office and whoever handed a case in write to each other about it (docs/adr/0117). It is sealed under the key of the case, and ends with it.
create table case_message (
  id uuid primary key,
  number bigint generated always as identity, -- in the order in which they were written
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  at timestamptz not null,
  side text not null check (side in ('office', 'person')), -- who writes
  by text not null,
  text bytea not null, -- sealed
  seen_at timestamptz, -- of the person's: when whoever handles the case first had it on their screen; null: not yet
  check (side = 'person' or seen_at is null)
);
create index case_message_of_case on case_message (case_id, number);
create index case_message_unseen on case_message (case_id) where side = 'person' and seen_at is null;
call isolate('case_message');
