-- What the office keeps no longer than it said (town file: retention) is destroyed, and the destruction is on record.

alter table appointment add column forgotten_at timestamptz; -- when who it was for was destroyed
create index appointment_to_forget on appointment (office_id, ends) where forgotten_at is null;
alter table encounter add column forgotten_at timestamptz; -- when what was written about it was destroyed

-- Events are append-only, but a reason that somebody typed may name people: it may be taken out, and nothing else.
create function refuse_change_but_of_reason() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.data = old.data - 'reason'
    and (new.id, new.office_id, new.appointment_id, new.kind, new.at, new.actor)
      = (old.id, old.office_id, old.appointment_id, old.kind, old.at, old.actor) then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
drop trigger event_stays on event;
create trigger event_stays before update or delete on event for each row execute function refuse_change_but_of_reason();
