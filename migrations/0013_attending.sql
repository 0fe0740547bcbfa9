-- What the encounter screen keeps beside what was done: which points of a check-list were ticked, and which appointment follows
-- which. Both go with what they belong to (src/features/retention).

create table encounter_point (
  appointment_id uuid not null references encounter,
  office_id integer not null references office,
  point text not null, -- volant-padro/document/identitat, volant-padro/step/adreca
  at timestamptz not null, -- when it was ticked
  actor text not null, -- by whom
  primary key (appointment_id, point)
);
call isolate('encounter_point');

create table follow_up (
  appointment_id uuid primary key references appointment,
  office_id integer not null references office,
  follows uuid not null references appointment,
  check (appointment_id <> follows)
);
create index follow_up_of on follow_up (follows);
call isolate('follow_up');

-- Whoever attends somebody sees what they came for before: found by their address, whatever became of it.
create index appointment_of_email_ever on appointment (office_id, email, starts) where email is not null;
create index appointment_of_phone_ever on appointment (office_id, phone, starts) where phone is not null;

-- Whether the telephone that is on file was found to be somebody else's, and is the same still.
create function lacks_number(p_appointment uuid) returns boolean language sql stable as $$
  select exists (
    select from attempt t
    where t.appointment_id = p_appointment and t.outcome = 'wrong_number' and not exists (
      select from event e
      where e.appointment_id = p_appointment and e.kind = 'contact_changed' and e.at >= t.at and e.data -> 'changed' ? 'phone'
    )
  )
$$;
