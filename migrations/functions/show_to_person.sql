-- Lets a person read the rows of their own appointments in a table that has an appointment_id, in all offices (docs/adr/0083). The
-- setting is looked at first, so that a transaction of an office calls no function for a row; and the id is compared with what the
-- function returns, so that the planner expects one row and the offices' plans stay as they are.
create or replace procedure show_to_person(name text, id text default 'appointment_id') language plpgsql as $$
begin
  execute format('create policy own_person on %I for select using (acts_for_person() and %I = own_appointment(%I))',
    name, id, id);
end $$;
