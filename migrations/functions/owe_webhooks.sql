-- Trigger: an event owes a delivery to each webhook that is told of its kind, in the event's transaction, whoever writes the
-- event. Without webhooks this is one look into an index.
create or replace function owe_webhooks() returns trigger language plpgsql as $$
begin
  insert into webhook_delivery (id, office_id, webhook_id, event_id, created_at, next_try_at)
    select gen_random_uuid(), new.office_id, w.id, new.id, new.at, new.at
    from webhook w
    where w.office_id = new.office_id and w.ended_at is null and w.paused_at is null and new.kind = any (w.kinds);
  return null;
end $$;
