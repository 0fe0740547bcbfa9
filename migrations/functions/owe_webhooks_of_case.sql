-- Trigger: what happens to a case owes a delivery to each webhook that is told of it, in its transaction, whoever writes it. What a draft goes
-- through is told to nobody.
create or replace function owe_webhooks_of_case() returns trigger language plpgsql as $$
declare
  told text := case new.kind
    when 'handed_in' then 'case.registered'
    when 'moved' then 'case.moved'
    when 'undone' then 'case.moved'
    when 'amended' then 'case.amended'
    when 'decided' then 'case.decided'
  end;
begin
  insert into public.webhook_delivery (id, office_id, webhook_id, case_event_id, created_at, next_try_at)
    select gen_random_uuid(), new.office_id, w.id, new.id, new.at, new.at
    from public.webhook w
    where w.office_id = new.office_id and w.ended_at is null and w.paused_at is null and told = any (w.kinds);
  return null;
end $$;
