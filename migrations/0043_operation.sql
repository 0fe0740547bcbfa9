-- What the installation did by itself, for the operator (docs/adr/0128). Nothing in it says anything about people.

-- Backups, and drills of restoring one. `backup`: to where the schedule keeps them; `file`: into a file that somebody named; `removal`: old
-- ones could not be removed.
create table backup_run (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('backup', 'file', 'removal', 'drill')),
  name text, -- of the file; null: it failed before it had one
  started_at timestamptz not null,
  ended_at timestamptz not null,
  bytes bigint, -- null: no backup, or a failure
  rows bigint,
  trouble text -- null: it was written, and read again to its end
);
create index backup_run_latest on backup_run (kind, started_at);
alter table backup_run enable row level security;
alter table backup_run force row level security;
create policy installation on backup_run using (current_setting('app.office', true) = '*');

-- Which installation this is, for the names of its backups: an address alone is also that of a copy that somebody rehearses with. Made when it is
-- first asked for; a restored database gets another.
create table installation (
  is_one boolean primary key default true check (is_one),
  id text not null check (id ~ '^[a-z2-7]{8}$')
);
alter table installation enable row level security;
alter table installation force row level security;
create policy installation on installation using (current_setting('app.office', true) = '*');

-- Messages that were given up or came back, for the operator's figures: few of many.
create index notice_failed on notice (channel, coalesce(failed_at, bounced_at)) where coalesce(failed_at, bounced_at) is not null;
create index staff_mail_failed on staff_mail (coalesce(failed_at, bounced_at)) where coalesce(failed_at, bounced_at) is not null;
create index webhook_delivery_failed on webhook_delivery (failed_at) where failed_at is not null;

-- When each background job last ran, in whichever process.
create table job_run (
  what text primary key, -- what it does, as its feature declares it
  ran_at timestamptz, -- when it last ended well
  failed_at timestamptz,
  failures integer not null default 0, -- since it last ended well
  trouble text -- the code of its last error
);
alter table job_run enable row level security;
alter table job_run force row level security;
create policy installation on job_run using (current_setting('app.office', true) = '*');
