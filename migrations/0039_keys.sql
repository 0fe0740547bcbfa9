-- One key a purpose. Secrets derive from these keys (links, codes, seals, documents…), so that one can be changed without the
-- others. Each version is random and kept wrapped by a key that is not in the database (src/lib/keys/provider.ts). A version
-- that has ended keeps its row for the record, without its key.
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

-- An office's key may have several versions while the keys of its appointments are wrapped anew. `key_version` is that of the
-- purpose `documents` that wrapped it. What is there was made by version 0.
alter table office_key
  drop constraint office_key_pkey,
  add column version integer not null default 0,
  add column key_version smallint not null default 0,
  add column made_at timestamptz not null default now(),
  add primary key (office_id, version);
alter table appointment_key
  add column office_key_version integer not null default 0,
  add foreign key (office_id, office_key_version) references office_key (office_id, version);
create index appointment_key_under on appointment_key (office_id, office_key_version);

-- The version of the purpose `webhooks` that a webhook's secret derives from, and that of the secret before it.
alter table webhook
  add column key_version smallint not null default 0,
  add column key_version_before smallint not null default 0;
