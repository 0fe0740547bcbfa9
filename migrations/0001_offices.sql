-- The town, its offices, what they offer and the desks at which they serve.
--
-- Table files run in order and only once. Functions lie in functions/, one a file; they are there before the first table file
-- runs, and are replaced whenever they change (docs/adr/0052).
-- Instants are timestamptz. Local times of an office's zone (shifts, absences, closures) are date, time, timestamp and text.
-- Columns get the time from the service's clock and have no default that asks the database for it.
-- Each table with an office_id calls isolate(): row-level security then keeps offices apart (docs/adr/0002). Tables without one
-- belong to the installation: only transactions that act for it (app.office is *) see them.

-- Exclusion constraints that combine an integer with a range.
create extension if not exists btree_gist;

create table town (
  id integer primary key check (id = 1),
  settings jsonb not null,
  -- Its areas, such as its districts, in the file's order (docs/adr/0120): [{ code, name, polygons }]. Apart from the settings, which are read
  -- far more often; null: none.
  areas jsonb,
  applied_at timestamptz not null,
  -- The name under which the town is served, without port, noted when it is first served; null: not yet, or only from this
  -- machine. A second town on the same database is noticed by it (src/features/foundation/offices/host.ts).
  host text
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
  -- Raised by every change of the office's catalogue or rota, so that processes know that what they keep in memory is stale.
  revision integer not null default 1,
  declared_at timestamptz, -- when what the town file says of it last changed, for programs that collect the catalogue
  retired_at timestamptz
);
alter table office enable row level security;
alter table office force row level security;
create policy own_office on office using (sees_office(id)) with check (sees_office(id));

-- What a secret opens for whoever has it (docs/adr/0060): the link of an appointment, of an entry of the wait list, of a companion; the
-- verification code of a document; the calendar feed of a desk; the link of a case; the verification code of a decision. It is the one table that is read before the office is known, and holds no
-- personal data.
create table opening (
  hash bytea primary key, -- SHA-256 of the secret
  office_id integer not null references office,
  opens text not null check (opens in ('appointment', 'wait_list', 'companion', 'document', 'calendar_feed', 'case', 'cosigner', 'decision', 'receipt', 'notification', 'chat', 'request', 'follower')),
  subject uuid not null, -- id of what it opens
  unique (opens, subject)
);
call isolate('opening');

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

create table desk (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  code text not null,
  name text not null,
  skills text[], -- procedure codes; null: all
  languages text[] not null,
  channels text[] not null,
  site text, -- the code of the site where it stands, of the office's settings
  chats smallint check (chats >= 0), -- how many conversations in writing it may have at once; null: as many as the office says
  assigned_at timestamptz, -- when it last got an appointment: the desk that has waited longest is next
  -- Its shifts and absences were changed in the console: a town file no longer changes them.
  rota_here boolean not null default false,
  retired_at timestamptz,
  unique (office_id, code)
);
call isolate('desk');

-- Pages that answered a form, for some minutes, so that a browser can ask for them again without sending the form.
create table draft (
  key_hash bytea primary key, -- SHA-256 of the secret in the page's address
  sealed bytea not null, -- by a key that derives from the secret: the database alone doesn't open it
  expires_at timestamptz not null
);
create index draft_ended on draft (expires_at);
alter table draft enable row level security;
alter table draft force row level security;
create policy installation on draft using (current_setting('app.office', true) = '*');

-- What an office declares, version by version (docs/adr/0078). A version holds what it replaced, so that the ones before follow from the
-- present declaration. It holds no personal data but the id of the member of staff.
create table office_version (
  office_id integer not null references office,
  number integer not null, -- 1, 2, 3 …
  at timestamptz not null,
  actor text not null, -- as in the audit trail
  kind text not null check (kind in ('first', 'edited', 'file', 'reverted', 'published', 'still_right')),
  back_to integer, -- the version whose declaration was restored
  difference jsonb not null, -- [{ path, from, to }]
  still_right text[] not null default '{}', -- paths of translations that were found right for the present original
  primary key (office_id, number)
);
call isolate('office_version');
create trigger office_version_stays before update or delete on office_version for each row execute function refuse_change();
create trigger office_version_not_emptied before truncate on office_version for each statement execute function refuse_change();

-- What the administrators of an office have changed and not published yet. An office has one draft, which they share.
create table office_draft (
  office_id integer primary key references office,
  changes jsonb not null -- [{ path, from, to, by, at }]; by: id of the member of staff
);
call isolate('office_draft');
