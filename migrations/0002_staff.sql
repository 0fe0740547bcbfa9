-- How staff sign in: the tables that the library better-auth keeps, and three of ours beside them.
-- They live in a schema of their own so that the library's names (user, session) collide with nothing; the names and
-- types are what it expects, compared with its own opinion by a test.
-- A person stands above the walls between offices, so the wall here is "the installation itself or nobody": a request
-- that acts for an office, or for no one, sees no account, no session, no secret.

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
  -- In clear, as the library needs it; the cookie carries it signed with the installation's secret, so that a stolen
  -- database opens no session.
  token text not null unique,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" on delete cascade,
  -- Whether this session, not only this account, passed a second factor.
  "secondFactor" boolean not null default false,
  "lastSeenAt" timestamptz -- for the idle limit
);
create index "session_userId_idx" on auth.session ("userId");
-- Expired sessions are swept at sign-in.
create index session_expires on auth.session ("expiresAt");

-- Where an account's password is kept (hashed with scrypt), as the provider "credential".
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

-- A time code opens once (RFC 6238, 5.2); the library would take it again for as long as it is valid.
create table auth.used_code (
  user_id text not null references auth."user" on delete cascade,
  code_hash bytea not null,
  used_at timestamptz not null,
  primary key (user_id, code_hash)
);

-- Wrong passwords by address typed, whether or not somebody has it: many machines guessing at one person.
create table auth.sign_in_failure (
  email_hash bytea primary key,
  count integer not null,
  since timestamptz not null
);

-- The link by which an invited person chooses a password and enrols an authenticator. Dead once they have.
create table auth.invitation (
  token_hash bytea primary key, -- SHA-256 of the secret in the link
  staff_id integer not null references public.staff,
  user_id text references auth."user" on delete cascade, -- once they have chosen a password
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index invitation_of_staff on auth.invitation (staff_id);

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
