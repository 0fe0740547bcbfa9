-- A replaced link is only for the citizen of the appointment. Whoever had it in their folder because they held the link before, or booked for
-- somebody else, loses it there unless their name or a code shows that they are its citizen: they may have had the link from somebody else.
create or replace function end_links() returns trigger language plpgsql as $$
begin
  delete from public.person_appointment where appointment_id = new.id
    and (how in ('link', 'code') or shown_by is null and (how = 'call' or new.on_behalf_of is not null));
  return null;
end $$;
