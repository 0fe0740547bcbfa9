-- Keys, each wrapped by the one above it (docs/adr/0026, 0044). The topmost key is not in the database.

-- One key a purpose. Secrets derive from these keys (links, codes, seals, documents …), so that one can be changed without the
-- others. Each version is random and wrapped by the root key (src/lib/keys/provider.ts). A version that has ended keeps its row
-- for the record, without its key.
create table purpose_key (
  purpose text not null, -- src/lib/keys/purposes.ts
  version smallint not null check (version between 0 and 4095),
  wrapped bytea, -- null: it has ended
  root text, -- which key wrapped it
  made_at timestamptz not null,
  active_at timestamptz not null, -- secrets derive from it from then on; until then every process learns of it
  ended_at timestamptz,
  primary key (purpose, version),
  check ((wrapped is null) = (ended_at is not null)),
  check ((wrapped is null) = (root is null))
);
alter table purpose_key enable row level security;
alter table purpose_key force row level security;
create policy installation on purpose_key using (current_setting('app.office', true) = '*');

-- An office's key. It has several versions while the keys of its appointments are wrapped anew.
create table office_key (
  office_id integer not null references office,
  version integer not null default 0,
  wrapped bytea not null,
  key_version smallint not null default 0, -- the version of the purpose "documents" that wrapped it
  made_at timestamptz not null default now(),
  primary key (office_id, version)
);
call isolate('office_key');

-- Keys of an appointment or a case, one for each shelf: what ends together. Names and reasons are sealed under them. Without its key nothing
-- of a shelf can be read any more, so a shelf is destroyed by deleting this row.
create table space_key (
  space_id uuid not null, -- of the appointment, the case or the request
  shelf text not null check (shelf in ('working', 'evidence', 'case', 'request')),
  office_id integer not null references office,
  wrapped bytea not null, -- under the office's
  office_key_version integer not null default 0,
  primary key (space_id, shelf),
  foreign key (office_id, office_key_version) references office_key (office_id, version)
);
create index space_key_under on space_key (office_id, office_key_version);
call isolate('space_key');
