-- Other systems: the tokens with which they use the API, and the webhooks that tell them of events.

-- What a token may do, until when, and from which networks. A token that opens everything for ever is more than any system needs,
-- and a thief could use it as long (docs/adr/0041).
create table token (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  name text not null,
  hash bytea not null unique, -- SHA-256 of the token
  scopes text[] not null,
  networks text[] not null default '{}', -- CIDR; empty: from any address
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_on date, -- the day (UTC) of its last use, written at the first request of the day
  watched_since date -- from when its use is known; null: since it was made
);
call isolate('token');

-- A signed request to an address of another system, for each event of these kinds.
create table webhook (
  id uuid primary key,
  office_id integer not null references office,
  url text not null,
  kinds text[] not null check (cardinality(kinds) > 0), -- of events
  personal boolean not null, -- whether it is told who the citizen is
  -- The secret is derived from a version of the purpose key "webhooks", the id and key_number, which is raised for another
  -- secret. The secret before signs too for a day from key_since.
  key_number integer not null default 1,
  key_since timestamptz not null,
  key_version smallint not null default 0,
  key_version_before smallint not null default 0, -- of the secret before
  created_at timestamptz not null,
  -- The first failure since a request was last accepted; null: it works, or nothing was sent yet.
  failing_since timestamptz,
  paused_at timestamptz,
  paused_why text check (paused_why in ('asked', 'gone', 'failing')),
  ended_at timestamptz,
  check ((paused_at is null) = (paused_why is null))
);
create index webhook_in_force on webhook (office_id) where ended_at is null;
call isolate('webhook');

-- Messages that wait for a webhook: written with the event, in its transaction. It says what happened and nothing of the citizen: the
-- message is made when it is sent.
create table webhook_delivery (
  id uuid primary key, -- the webhook-id: the same at every try
  office_id integer not null references office,
  webhook_id uuid not null references webhook,
  event_id bigint references event, -- of an appointment; null: of a case (case_event_id, 0029), or a test
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_try_at timestamptz not null,
  leased_until timestamptz, -- a worker is sending it
  -- Of the last try.
  tried_at timestamptz,
  millis integer,
  status smallint, -- HTTP; null: there was no answer
  last_error text,
  delivered_at timestamptz,
  failed_at timestamptz -- it isn't tried any more
);
create index webhook_delivery_due on webhook_delivery (next_try_at) where delivered_at is null and failed_at is null;
create index webhook_delivery_of_webhook on webhook_delivery (webhook_id, created_at, id);
call isolate('webhook_delivery');
create trigger event_owes_webhooks after insert on event for each row
  when (new.kind in ('booked', 'moved', 'cancelled', 'fulfilled', 'noshow')) execute function owe_webhooks();
