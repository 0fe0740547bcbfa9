-- The town's residents, as its register of inhabitants (padró) has them (docs/adr/0097). They belong to the town, to no office.

-- A list of residents as it was brought here. There is one at most: another one takes its place.
create table resident_list (
  id uuid primary key,
  -- The list's own key, wrapped by a version of the purpose key "people". With it everything in the list can be read, and nothing without it.
  wrapped bytea not null,
  key_version smallint not null,
  as_of date not null, -- the day on which the register was as the list has it
  imported_at timestamptz not null,
  people integer not null,
  findable integer not null, -- how many have an identifier
  only_one boolean not null unique default true check (only_one)
);
alter table resident_list enable row level security;
alter table resident_list force row level security;
create policy installation on resident_list using (current_setting('app.office', true) = '*');

-- One resident. Rows whose list is gone can be opened by nobody; they are swept.
create table resident (
  list_id uuid not null,
  number integer not null, -- its place in the list
  lookup bytea, -- derived from the identifier by the list's key; null: it has none
  dwelling bytea not null, -- derived from the dwelling's code by the list's key
  sealed bytea not null, -- by the list's key: the resident
  primary key (list_id, number)
);
create index resident_by_lookup on resident (list_id, lookup) where lookup is not null;
create index resident_by_dwelling on resident (list_id, dwelling);
alter table resident enable row level security;
alter table resident force row level security;
create policy installation on resident using (current_setting('app.office', true) = '*');
