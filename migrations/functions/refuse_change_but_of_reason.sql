-- Trigger: refuses every change of an event, except taking out the reason that a person typed, since it may name people.
create or replace function refuse_change_but_of_reason() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.data = old.data - 'reason'
    and (new.id, new.office_id, new.appointment_id, new.kind, new.at, new.actor)
      = (old.id, old.office_id, old.appointment_id, old.kind, old.at, old.actor) then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
