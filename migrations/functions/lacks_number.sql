-- Returns whether the telephone number of an appointment was found to be another person's, and has not changed since.
create or replace function lacks_number(p_appointment uuid) returns boolean language sql stable as $$
  select exists (
    select from attempt t
    where t.appointment_id = p_appointment and t.outcome = 'wrong_number' and not exists (
      select from event e
      where e.appointment_id = p_appointment and e.kind = 'contact_changed' and e.at >= t.at and e.data -> 'changed' ? 'phone'
    )
  )
$$;
