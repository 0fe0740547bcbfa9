-- How somebody signed in cares for their own way in: passkeys, and the browsers that are known as theirs.

create table auth.passkey (
  id uuid primary key, -- in addresses of ours
  credential_id text not null unique, -- base64url, as browsers say it
  user_id text not null references auth."user" on delete cascade,
  name text not null, -- that its owner gave it
  public_key bytea not null, -- COSE
  counter bigint not null, -- of its uses, by its own account; 0: it keeps none
  transports text[] not null,
  backed_up boolean not null, -- a copy is with the maker of the telephone or in a password manager
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_of_user on auth.passkey (user_id);

-- A challenge opens once. It says itself, under a seal, until when it is good and for which browser, so that who only asks for
-- one makes no row.
create table auth.spent_challenge (
  challenge_hash bytea primary key,
  expires_at timestamptz not null
);

-- A browser in which somebody has signed in with both factors: strangers' wrong guesses don't shut it out.
create table auth.known_browser (
  browser_hash bytea not null, -- SHA-256 of the secret in its cookie
  user_id text not null references auth."user" on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (browser_hash, user_id)
);
create index known_browser_of_user on auth.known_browser (user_id);

-- When the session last showed a second factor; what guards the account itself asks for one of a few minutes ago.
alter table auth.session add column "confirmedAt" timestamptz;

do $$
declare
  each text;
begin
  foreach each in array array['passkey', 'spent_challenge', 'known_browser'] loop
    execute format('alter table auth.%I enable row level security', each);
    execute format('alter table auth.%I force row level security', each);
    execute format(
      'create policy installation on auth.%I using (current_setting(''app.office'', true) = ''*'')', each);
  end loop;
end $$;
