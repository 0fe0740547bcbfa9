-- Trigger: keeps desk_day equal to desk_time, in the same transaction.
create or replace function keep_desk_day() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    call mark_desk_days(old.desk_id, old.office_id, old.during, false);
  else
    call mark_desk_days(new.desk_id, new.office_id, new.during, true);
  end if;
  return null;
end $$;
