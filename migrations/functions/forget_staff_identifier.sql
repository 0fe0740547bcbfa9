-- Trigger: deletes the NIF of a member of staff who retires.
create or replace function forget_staff_identifier() returns trigger language plpgsql as $$
begin
  delete from public.staff_identifier where staff_id = new.id;
  return null;
end $$;
