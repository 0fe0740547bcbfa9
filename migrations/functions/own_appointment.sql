-- Returns the id of an appointment that is in the folder of the person for whom the transaction acts (set local app.person); null of any
-- other. Who identified by a code on another device, and of whom nothing shows that they are its citizen, doesn't get it: the code may
-- have been overheard, and a folder has the links of its appointments (docs/adr/0088). What somebody booked with an authorisation is theirs
-- only as long as the authorisation is. Compared with the id, so that the planner expects one row and not a third of the table.
create or replace function own_appointment(p_id uuid) returns uuid language plpgsql stable parallel safe as $$
begin
  return (select p.appointment_id from public.person_appointment p
    where p.appointment_id = p_id and p.person_id = nullif(current_setting('app.person', true), '')::uuid
      and (p.how <> 'code' or p.shown_by is not null)
      and (p.how = 'acted' or not exists (select from public.represented_appointment a join public.representation r on r.id = a.representation_id
        where a.appointment_id = p_id and r.representative_id = p.person_id and r.state <> 'accepted')));
end $$;
