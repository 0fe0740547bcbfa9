-- Mails to people who work here, who decides about somebody's role, and signing in through the town's own provider.

alter table staff add column language text; -- that they read; null: nobody knows yet
alter table staff add column signed_in_at timestamptz; -- the last time
-- Retired in the console rather than by a town file, so that no town file brings them back.
alter table staff add column retired_here boolean not null default false;

create function note_signed_in() returns trigger language plpgsql as $$
begin
  update public.staff set signed_in_at = new."createdAt" where user_id = new."userId";
  return null;
end $$;
create trigger session_is_noted after insert on auth.session for each row
  when (new."secondFactor") execute function note_signed_in();

-- What somebody does in an office was decided in the console: a town file leaves their roles there as they are. A row whose person
-- has no role there keeps a town file from giving it back.
create table staff_managed (
  office_id integer not null references office,
  staff_id integer not null references staff,
  primary key (office_id, staff_id)
);
call isolate('staff_managed');

-- A mail that somebody who works here is owed, written with what it tells. Neither its words nor its links: they are made
-- when it is sent.
create table staff_mail (
  id uuid primary key, -- names the message too
  staff_id integer not null references staff,
  kind text not null,
  facts jsonb not null,
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_try_at timestamptz, -- null: at once
  sent_at timestamptz,
  dropped_at timestamptz, -- there was nothing left to tell
  failed_at timestamptz, -- it isn't tried any more
  bounced_at timestamptz, -- it was taken by the first server and came back from another
  last_error text
);
create index staff_mail_due on staff_mail (next_try_at) where sent_at is null and dropped_at is null and failed_at is null;
create index staff_mail_of_staff on staff_mail (staff_id);
alter table staff_mail enable row level security;
alter table staff_mail force row level security;
create policy installation on staff_mail using (current_setting('app.office', true) = '*');

-- The link's secret is derived from the installation's key and this, so that a mail can be written again.
alter table auth.invitation add column id uuid not null default gen_random_uuid();

-- Somebody is at the town's provider and will come back. What the request was made with is derived from the installation's key,
-- the state and a secret in the browser's cookie: nothing here opens anything.
create table auth.sso_attempt (
  state_hash bytea primary key,
  next text not null, -- the page that they wanted
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sso_attempt_expires on auth.sso_attempt (expires_at);
alter table auth.sso_attempt enable row level security;
alter table auth.sso_attempt force row level security;
create policy installation on auth.sso_attempt using (current_setting('app.office', true) = '*');

-- Somebody at a provider is one person here, and one person here is one at a provider.
create unique index account_of_provider on auth.account ("providerId", "accountId") where "providerId" <> 'credential';
create unique index provider_of_account on auth.account ("providerId", "userId") where "providerId" <> 'credential';
