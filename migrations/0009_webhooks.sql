-- Other systems of the town are told what happens to appointments: a signed request to an address of theirs for each event.

create table webhook (
  id uuid primary key,
  office_id integer not null references office,
  url text not null,
  kinds text[] not null check (cardinality(kinds) > 0), -- of the events that it is told of
  personal boolean not null, -- whether it is told who the citizen is
  -- The secret is derived from the installation's key, the id and this number, which is raised for another secret. The one
  -- before signs too for a day from key_since.
  key_number integer not null default 1,
  key_since timestamptz not null,
  created_at timestamptz not null,
  -- The first failure since something was last taken; null: it works, or nothing was sent yet.
  failing_since timestamptz,
  paused_at timestamptz,
  paused_why text check (paused_why in ('asked', 'gone', 'failing')),
  ended_at timestamptz,
  check ((paused_at is null) = (paused_why is null))
);
create index webhook_in_force on webhook (office_id) where ended_at is null;
call isolate('webhook');

-- What a webhook is owed: written with the event, in its transaction. Says what happened and nothing of the citizen: the
-- message is made when it is sent.
create table webhook_delivery (
  id uuid primary key, -- the webhook-id: the same at every try
  office_id integer not null references office,
  webhook_id uuid not null references webhook,
  event_id bigint references event, -- null: a test
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

-- Nothing that is acknowledged goes untold: whoever writes the event owes it, wherever that is. Without webhooks this is one
-- look into an index.
create function owe_webhooks() returns trigger language plpgsql as $$
begin
  insert into webhook_delivery (id, office_id, webhook_id, event_id, created_at, next_try_at)
    select gen_random_uuid(), new.office_id, w.id, new.id, new.at, new.at
    from webhook w
    where w.office_id = new.office_id and w.ended_at is null and w.paused_at is null and new.kind = any (w.kinds);
  return null;
end $$;
create trigger event_owes_webhooks after insert on event for each row
  when (new.kind in ('booked', 'moved', 'cancelled', 'fulfilled', 'noshow')) execute function owe_webhooks();
