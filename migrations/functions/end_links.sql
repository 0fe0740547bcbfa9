-- A replaced link is only for the citizen of the appointment. Whoever had it in their folder because they held the link before loses it there,
-- and so does everybody of whom neither name nor code shows that they are its citizen: they may have booked for somebody else. The person
-- for whom it was booked by an authorisation keeps it.
create or replace function end_links() returns trigger language plpgsql as $$
begin
  delete from public.person_appointment where appointment_id = new.id
    and (how in ('link', 'code') or shown_by is null and how <> 'acted');
  return null;
end $$;
