-- Trigger: what a citizen consented to stays as it was until it is destroyed, when its time is over.
create or replace function keep_act() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state <> 'consented' then return new; end if;
  if tg_op = 'UPDATE' then
    if (to_jsonb(new) - '{record,copied_at,destroyed_at,identification_id}'::text[])
        = (to_jsonb(old) - '{record,copied_at,destroyed_at,identification_id}'::text[])
      and (new.identification_id is not distinct from old.identification_id
        or (new.identification_id is null and old.destroyed_at is null and new.destroyed_at is not null))
      and (old.copied_at is null or new.copied_at = old.copied_at)
      and (new.record is not distinct from old.record or (new.record is null and old.destroyed_at is null)) then
      return new;
    end if;
  end if;
  raise exception 'what was consented to stays' using errcode = 'restrict_violation';
end $$;
