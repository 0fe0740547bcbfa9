-- The registry of an office: what it received and what it sent, each with a number (Ley 39/2015, art. 16). Numbers have no gaps, entries follow
-- the order of time, and each has the hash of the one before (docs/adr/0090).

-- The last entry of each book. Its row is locked by whoever makes the next one.
create table registry_book (
  office_id integer not null references office,
  direction text not null check (direction in ('entry', 'exit')),
  year smallint not null, -- local; 0: nothing yet
  number integer not null, -- of the last entry of that year
  at timestamptz, -- of the last entry
  hash bytea, -- of the last entry
  primary key (office_id, direction)
);
call isolate('registry_book');

create table registry_entry (
  id uuid primary key,
  office_id integer not null references office,
  direction text not null check (direction in ('entry', 'exit')),
  year smallint not null,
  number integer not null check (number > 0),
  at timestamptz not null,
  counts_from date not null, -- the working day on which it counts as received (art. 31.2)
  about text not null, -- what was registered, once: `case <id> application`
  content bytea not null, -- SHA-256 of what was handed in or sent, as its feature keeps it
  previous bytea, -- hash of the entry before in the same book; null: the first one
  hash bytea not null, -- SHA-256 of all the above
  unique (office_id, direction, year, number),
  unique (office_id, about)
);
create index registry_entry_by_time on registry_entry (at);
call isolate('registry_entry');
create trigger registry_entry_stays before update or delete on registry_entry for each row execute function refuse_change();
create trigger registry_entry_not_emptied before truncate on registry_entry for each statement execute function refuse_change();

-- What the trail has of the registry: `audit check` compares both.
create index audit_of_registry on audit (office_id, id) where action in ('registered', 'registry_closed');

-- Days that are closed: nothing is added to them any more. From the day of the first entry on each day is closed, also one without entries.
create table registry_day (
  office_id integer not null references office,
  day date not null, -- local
  entries integer not null,
  exits integer not null,
  last_entry bytea, -- hash of the last entry until then; null: none
  last_exit bytea,
  closed_at timestamptz not null,
  primary key (office_id, day)
);
call isolate('registry_day');
create trigger registry_day_stays before update or delete on registry_day for each row execute function refuse_change();
create trigger registry_day_not_emptied before truncate on registry_day for each statement execute function refuse_change();
