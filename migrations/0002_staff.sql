-- People who work here, their roles, and how they sign in.

-- A person may have roles in several offices: the person belongs to the installation, a role to an office.
create table staff (
  id integer generated always as identity primary key,
  email text not null unique check (email = lower(email)),
  former_emails text[] not null default '{}', -- a town file that still names one of them means this person
  name text not null,
  language text, -- that they read; null: not known yet
  user_id text unique, -- the account that they sign in with, once they have accepted the invitation
  operator boolean not null default false,
  signed_in_at timestamptz, -- the last time
  retired_at timestamptz,
  retired_here boolean not null default false -- in the console: no town file brings the person back
);
alter table staff enable row level security;
alter table staff force row level security;
create policy installation on staff using (current_setting('app.office', true) = '*');

create table staff_role (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  staff_id integer not null references staff,
  role text not null check (role in ('councillor', 'agent', 'coordinator', 'administrator')),
  desk_id integer references desk,
  unique (staff_id, office_id, role)
);
call isolate('staff_role');

-- A person's roles in an office were decided in the console: a town file leaves them as they are. A row without any role keeps a
-- town file from giving one back.
create table staff_managed (
  office_id integer not null references office,
  staff_id integer not null references staff,
  primary key (office_id, staff_id)
);
call isolate('staff_managed');

-- A person's preferences for the console: a row once they have chosen something. It is deleted when they retire.
create table staff_preference (
  staff_id integer primary key references staff,
  keys_off boolean not null default false,
  keys jsonb not null default '{}', -- their own, by action; '' for none
  day_view text not null default 'list' check (day_view in ('list', 'line')),
  alerts text[] not null default '{title}' check (alerts <@ '{title,notification,names,sound}')
);
alter table staff_preference enable row level security;
alter table staff_preference force row level security;
create policy installation on staff_preference using (current_setting('app.office', true) = '*');
create trigger retired_is_forgotten after update of retired_at on staff for each row
  when (new.retired_at is not null) execute function forget_preferences();

-- The NIF of a person, for registries that demand to know which official asks (docs/security.md).
create table staff_identifier (
  staff_id integer primary key references staff,
  sealed bytea not null, -- by a version of the purpose key "people", for this person
  key_version smallint not null,
  entered_at timestamptz not null
);
alter table staff_identifier enable row level security;
alter table staff_identifier force row level security;
create policy installation on staff_identifier using (current_setting('app.office', true) = '*');
create trigger retired_is_not_identified after update of retired_at on staff for each row
  when (new.retired_at is not null) execute function forget_staff_identifier();

-- A mail that is owed to a member of staff, written in the transaction of what it tells. It keeps neither its words nor its
-- links: they are made when it is sent.
create table staff_mail (
  id uuid primary key, -- names the message too
  staff_id integer not null references staff,
  kind text not null,
  facts jsonb not null,
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_try_at timestamptz not null,
  sent_at timestamptz,
  dropped_at timestamptz, -- there was nothing left to tell
  failed_at timestamptz, -- it isn't tried any more
  bounced_at timestamptz, -- the first server took it, and another one sent it back
  last_error text
);
create index staff_mail_due on staff_mail (next_try_at) where sent_at is null and dropped_at is null and failed_at is null;
create index staff_mail_of_staff on staff_mail (staff_id);
alter table staff_mail enable row level security;
alter table staff_mail force row level security;
create policy installation on staff_mail using (current_setting('app.office', true) = '*');

-- ── Signing in ────────────────────────────────────────────────────────────────────────────────────────────────────
-- First the tables of the library better-auth, then our own beside them. They have a schema of their own, so that the library's
-- names (user, session) collide with nothing. Names and types are what it expects; a test compares them.
-- Accounts, sessions and secrets belong to the installation: a request that acts for an office sees none.
create schema auth;

create table auth."user" (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  -- True once the authenticator was confirmed. Without it no session is ever made.
  "twoFactorEnabled" boolean not null default false
);

create table auth.session (
  id text primary key,
  "expiresAt" timestamptz not null, -- absolute: never moved
  -- In clear, as the library needs it. The cookie carries it signed with the installation's secret, so that a stolen database
  -- opens no session.
  token text not null unique,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" on delete cascade,
  -- Whether this session, not only this account, passed a second factor.
  "secondFactor" boolean not null default false,
  "lastSeenAt" timestamptz, -- for the idle limit
  -- When it last showed a second factor. Changes of the account itself ask for one of a few minutes ago.
  "confirmedAt" timestamptz
);
create index "session_userId_idx" on auth.session ("userId");
-- Expired sessions are removed at sign-in.
create index session_expires on auth.session ("expiresAt");
create trigger session_is_noted after insert on auth.session for each row
  when (new."secondFactor") execute function note_signed_in();

-- Keeps an account's password (hashed with scrypt), as the provider "credential".
create table auth.account (
  id text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on auth.account ("userId");
-- One account at the town's own provider belongs to one person here, and the other way round.
create unique index account_of_provider on auth.account ("providerId", "accountId") where "providerId" <> 'credential';
create unique index provider_of_account on auth.account ("providerId", "userId") where "providerId" <> 'credential';

-- Between the password and the code: the pending challenge and how many codes were tried.
create table auth.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index verification_identifier_idx on auth.verification (identifier);

create table auth."twoFactor" (
  id text primary key,
  secret text not null, -- encrypted with the installation's secret
  "backupCodes" text not null, -- the same
  "userId" text not null references auth."user" on delete cascade,
  verified boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);
create index "twoFactor_secret_idx" on auth."twoFactor" (secret);
create index "twoFactor_userId_idx" on auth."twoFactor" ("userId");

create table auth."rateLimit" (
  id text primary key,
  key text not null unique, -- address and page
  count integer not null,
  "lastRequest" bigint not null -- Unix milliseconds
);

-- A time code opens once (RFC 6238, 5.2). The library would take it again for as long as it is valid.
create table auth.used_code (
  user_id text not null references auth."user" on delete cascade,
  code_hash bytea not null,
  used_at timestamptz not null,
  primary key (user_id, code_hash)
);

-- Wrong passwords by the address that was typed, also when it is nobody's: many machines may guess one person's password.
create table auth.sign_in_failure (
  email_hash bytea primary key,
  count integer not null,
  since timestamptz not null
);

-- The link by which an invited person chooses a password and enrols an authenticator. It opens nothing once they have.
create table auth.invitation (
  token_hash bytea primary key, -- SHA-256 of the secret in the link
  -- The link's secret is derived from the installation's key and this id, so that a mail can be written again.
  id uuid not null default gen_random_uuid(),
  staff_id integer not null references public.staff,
  user_id text references auth."user" on delete cascade, -- once they have chosen a password
  -- What the person has chosen, until the authenticator is confirmed too: an account that they had opens until then.
  password_hash text, -- scrypt, as the library writes it
  secret text, -- of the authenticator, encrypted with the installation's secret
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index invitation_of_staff on auth.invitation (staff_id);

create table auth.passkey (
  id uuid primary key, -- in our addresses
  credential_id text not null unique, -- base64url, as browsers write it
  user_id text not null references auth."user" on delete cascade,
  name text not null, -- given by its owner
  public_key bytea not null, -- COSE
  counter bigint not null, -- of its uses, as the passkey counts them; 0: it does not count
  transports text[] not null,
  backed_up boolean not null, -- the maker of the telephone or a password manager has a copy
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_of_user on auth.passkey (user_id);

-- A challenge for a passkey is good once. It carries its own end and its browser under a seal, so a request for one makes no row.
create table auth.spent_challenge (
  challenge_hash bytea primary key,
  expires_at timestamptz not null
);

-- A browser in which a person has signed in with both factors: wrong guesses from elsewhere do not lock it out.
create table auth.known_browser (
  browser_hash bytea not null, -- SHA-256 of the secret in its cookie
  user_id text not null references auth."user" on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (browser_hash, user_id)
);
create index known_browser_of_user on auth.known_browser (user_id);

-- A person is at the town's own provider and will come back. The parameters of the request are derived from the installation's
-- key, the state and a secret in the browser's cookie: nothing in this table opens anything.
create table auth.sso_attempt (
  state_hash bytea primary key,
  next text not null, -- the page that they wanted
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sso_attempt_expires on auth.sso_attempt (expires_at);

do $$
declare
  each text;
begin
  for each in select tablename from pg_tables where schemaname = 'auth' loop
    execute format('alter table auth.%I enable row level security', each);
    execute format('alter table auth.%I force row level security', each);
    execute format(
      'create policy installation on auth.%I using (current_setting(''app.office'', true) = ''*'')', each);
  end loop;
end $$;
