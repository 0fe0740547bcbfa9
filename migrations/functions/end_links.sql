-- A replaced link is only for the citizen of the appointment. Whoever took it into their folder with the link before may have
-- had that link from somebody else: they open the new one to take it in again.
create or replace function end_links() returns trigger language plpgsql as $$
begin
  delete from person_appointment where appointment_id = new.id and how = 'link';
  return null;
end $$;
