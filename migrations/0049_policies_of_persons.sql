-- expand: Policies for a person are false at once where nobody acts as one. They let nobody see more or less, so the release before works with them.

-- Each of these let a session that had never set app.person call a function for each row.
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on appointment using (acts_for_person() and id = own_appointment(id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on document using (acts_for_person() and appointment_id = own_appointment(appointment_id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on act using (acts_for_person() and appointment_id = own_appointment(appointment_id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on notice using (acts_for_person() and appointment_id = own_appointment(appointment_id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on audit using (acts_for_person() and appointment_id = own_appointment(appointment_id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on represented_appointment using (acts_for_person()
  and exists (select from representation r where r.id = representation_id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on case_file using (acts_for_person() and person_id = nullif(current_setting('app.person', true), '')::uuid);
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_represented on case_file using (acts_for_person() and represents_in_case(id));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on notification using (acts_for_person() and person_id = nullif(current_setting('app.person', true), '')::uuid);
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on case_representation using (acts_for_person()
  and (sees_person(begun_by) or exists (select from representation r where r.id = representation_id)));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_person on request using (acts_for_person() and person_id = nullif(current_setting('app.person', true), '')::uuid);
