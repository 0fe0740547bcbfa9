-- What is owed to the registry that the town has elsewhere (docs/adr/0095). An entry of ours gets its row in the same transaction, where the town
-- file names such a registry.
create table registry_outside (
  id uuid primary key references registry_entry,
  office_id integer not null references office,
  owed_at timestamptz not null,
  attempts integer not null default 0, -- without an end, so far
  next_try_at timestamptz, -- null: nothing is left to do
  first_sent_at timestamptz, -- null: never sent; else it is looked for there before it is sent again
  last_sent_at timestamptz,
  failing text check (failing in ('away', 'refused', 'unclear')), -- why the last try had no end
  words text, -- of the other side, for whoever mends it
  number text, -- there; null: not yet
  at timestamptz, -- there; null: it isn't said
  register text check (register in ('main', 'auxiliary')), -- which one made it; null: not known yet
  also text[] not null default '{}', -- numbers that the same thing has besides
  consolidated text, -- number of the main registry that took the place of an auxiliary one
  check ((first_sent_at is null) = (last_sent_at is null)),
  check (number is not null or (register is null and also = '{}')),
  check (consolidated is null or register = 'auxiliary')
);
create index registry_outside_due on registry_outside (next_try_at) where next_try_at is not null;
call isolate('registry_outside');
