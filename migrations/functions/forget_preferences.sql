-- Trigger: deletes the preferences of a member of staff who retires.
create or replace function forget_preferences() returns trigger language plpgsql as $$
begin
  delete from public.staff_preference where staff_id = new.id;
  return null;
end $$;
