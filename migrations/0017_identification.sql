-- People whose identity was established, how it was, and their sessions (docs/adr/0081). They belong to the town, to no office: an office
-- sees a person only through an appointment of theirs.

create table person (
  id uuid primary key,
  -- Derived from scheme, country and identifier by a version of the purpose key "people": finds the person, whichever provider answers.
  lookup text not null unique,
  -- The person's own key, wrapped by that version. Without it nothing of the person can be read any more.
  wrapped bytea not null,
  key_version smallint not null,
  identity bytea not null, -- sealed: scheme, country, identifier, and the name as the provider says it
  wishes bytea not null, -- sealed: what the person wants to be called, language, channel
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null
);
call isolate_person('person', 'id');
create index person_by_version on person (key_version);

-- One identification: who confirmed the person, when, how, to which level, with which evidence.
create table identification (
  id uuid primary key,
  person_id uuid not null references person on delete cascade,
  provider text not null, -- its code in the town file
  kind text not null,
  method text not null,
  level text not null check (level in ('low', 'substantial', 'high')),
  -- session, erasure: for a session alone, and to erase a folder; the evidence is deleted after a while. So is that of an act to which nobody
  -- consented with it; that of a consent is kept as long as the act (act.identification_id).
  purpose text not null check (purpose in ('session', 'export', 'erasure', 'appointment', 'act')),
  identified_at timestamptz not null,
  evidence bytea not null, -- sealed: what the provider gave, as it came
  represents bytea, -- sealed: the organisation for which the person acted; null: themselves
  transaction_hash text, -- of what the person confirmed with it, such as an act; null: nothing
  transaction_signed boolean not null default false -- the provider's answer is signed over that hash
);
create index identification_of_person on identification (person_id, identified_at);
call isolate_person('identification');

-- The identification by which a citizen consented to an act (docs/adr/0086). Nobody deletes it while the act is kept; it goes with the act.
alter table act add column identification_id uuid unique references identification;
alter table act add check (method is distinct from 'identified' or identification_id is not null or destroyed_at is not null);
create trigger act_forgets_identity after update of identification_id on act
  for each row when (old.identification_id is not null and new.identification_id is null) execute function forget_act_identity();

-- A browser in which a person is identified. The database has only the hash of its secret.
create table citizen_session (
  hash bytea primary key,
  person_id uuid not null references person on delete cascade,
  identification_id uuid not null references identification on delete cascade,
  browser bytea not null, -- SHA-256 of what the browser says of itself: the cookie alone is not enough
  kept bytea, -- sealed: what ends the session at the provider; null: nothing does
  -- The authorisation by which the person acts for somebody else in this browser; null: for themselves. It refers to nothing: an authorisation
  -- that is gone must not make a person act for themselves without having chosen to.
  acting uuid,
  began_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null
);
create index citizen_session_of_person on citizen_session (person_id);
create index citizen_session_by_end on citizen_session (ends_at);
call isolate_person('citizen_session');

-- An attempt to identify, from the choice of a provider until the browser is back. All that it keeps is sealed.
create table identification_attempt (
  id uuid primary key, -- names the version of the purpose key "forms" by which it is sealed
  provider text not null,
  request bytea not null, -- sealed: what it is for, where the browser goes on, what the adapter keeps
  answer bytea, -- sealed: the form that the provider or a wallet posted
  answer_hash bytea, -- SHA-256 of the code with which the browser comes back for that answer
  began_at timestamptz not null,
  ends_at timestamptz not null
);
create index identification_attempt_by_end on identification_attempt (ends_at);
alter table identification_attempt enable row level security;
alter table identification_attempt force row level security;
create policy installation on identification_attempt
  using (current_setting('app.office', true) = '*') with check (current_setting('app.office', true) = '*');

-- Whose appointment it is. It is in the person's folder, and the office that holds it sees the person by it.
create table person_appointment (
  person_id uuid not null references person on delete cascade,
  appointment_id uuid not null references appointment on delete cascade,
  office_id integer not null references office,
  -- The identification by which it became theirs; null: it was deleted since.
  identification_id uuid references identification on delete set null,
  -- link: the person opened its link while identified; booked: they were identified when they booked; call: they identified in it; code:
  -- they identified on another device, by a code that somebody with its link asked for; acted: somebody booked it for them, with their
  -- authorisation.
  how text not null check (how in ('link', 'booked', 'call', 'code', 'acted')),
  -- What shows that they are its citizen: the name that was booked, or a one-time code in the same browser. Null: nothing does, so that
  -- their identity opens nothing of it (docs/adr/0084).
  shown_by text check (shown_by in ('name', 'code')),
  linked_at timestamptz not null,
  primary key (person_id, appointment_id)
);
create index person_appointment_of_appointment on person_appointment (appointment_id);
alter table person_appointment enable row level security;
alter table person_appointment force row level security;
create policy own_person on person_appointment for select using (sees_person(person_id));
-- Only the office that holds an appointment writes whose it is.
create policy own_office on person_appointment using (sees_office(office_id))
  with check (sees_office(office_id) and exists (
    select from appointment a where a.id = appointment_id and a.office_id = person_appointment.office_id));

-- A code by which the citizen of an appointment identifies on another device than the one that has its link (docs/adr/0088). The code itself
-- is nowhere: it derives from the id and a secret of the browser that asked.
create table identification_code (
  id uuid primary key, -- names the version of the purpose key "forms"
  office_id integer not null references office,
  appointment_id uuid not null unique references appointment on delete cascade, -- a new code replaces the one before
  finder text not null unique, -- keyed hash of the code's first half
  hash bytea not null, -- SHA-256 of a keyed hash of the whole code
  link integer not null, -- the appointment's link when it was asked for: a replaced link ends it
  asked_by bytea not null, -- SHA-256 of the secret of the browser that asked, which alone shows the code
  family text not null, -- what that browser said of itself, for whoever types the code
  system text not null,
  sender bytea not null, -- its address, as a keyed hash that changes each day
  asked_at timestamptz not null,
  ends_at timestamptz not null,
  misses smallint not null default 0,
  taken_by bytea, -- SHA-256 of the secret of the browser in which it was typed; null: nowhere yet
  state text not null check (state in ('open', 'taken', 'confirmed', 'done', 'denied', 'locked'))
);
create index identification_code_by_end on identification_code (ends_at);
create index identification_code_by_browser on identification_code (taken_by);
call isolate('identification_code');

create trigger appointment_has_links after update of link on appointment
  for each row when (new.link <> old.link) execute function end_links();

-- A person reads what belongs to their own appointments in all offices, and nothing else of an office (docs/adr/0083).
call show_to_person('appointment', 'id');
call show_to_person('document');
call show_to_person('act');
call show_to_person('notice');
call show_to_person('audit');

-- Authorisations to act for somebody else with one office (docs/adr/0087). The represented person gives one while identified, or the
-- representative asks for one, hands over the signed document, and an official accepts it.
create table representation (
  id uuid primary key,
  office_id integer not null references office,
  -- Null: the person erased their folder. What was done with the authorisation stays.
  representative_id uuid references person on delete set null,
  represented_id uuid references person on delete set null,
  asked_by text not null check (asked_by in ('representative', 'represented')),
  other bytea, -- sealed by the key of whoever asked: name and identifier of the other, as they were typed; null: that person is gone
  procedures text[] not null, -- codes; empty: every procedure of the office
  opens boolean not null default false, -- whether the representative also opens, and rejects, what is notified to the represented person (docs/adr/0113)
  -- Whose documents have the signed authorisation, and which one it is; null: the represented person gave it themselves.
  appointment_id uuid references appointment on delete set null,
  document_id uuid references document on delete set null,
  state text not null check (state in ('asked', 'accepted', 'refused', 'ended')),
  reason text not null default '', -- why an official refused or ended it
  asked_at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  ends_at timestamptz not null, -- the end of its last day; of one that was ended, that instant
  ended_by text,
  check ((settled_at is null) = (settled_by is null)),
  check ((state = 'ended') = (ended_by is not null))
);
create index representation_of_representative on representation (representative_id);
create index representation_of_represented on representation (represented_id);
create index representation_of_appointment on representation (appointment_id);
create index representation_by_end on representation (ends_at) where state in ('asked', 'accepted');
alter table representation enable row level security;
alter table representation force row level security;
create policy own_person on representation for select using (sees_person(representative_id) or sees_person(represented_id));
create policy own_office on representation using (sees_office(office_id)) with check (sees_office(office_id));

-- Appointments that were booked with an authorisation. Once it is over, they open for the represented person and the office alone.
create table represented_appointment (
  appointment_id uuid primary key references appointment on delete cascade,
  representation_id uuid not null references representation,
  office_id integer not null references office,
  made_at timestamptz not null
);
create index represented_appointment_of_representation on represented_appointment (representation_id);
alter table represented_appointment enable row level security;
alter table represented_appointment force row level security;
-- Those of the person's own authorisations: row-level security of that table applies.
create policy own_person on represented_appointment for select using (current_setting('app.person', true) <> ''
  and exists (select from representation r where r.id = representation_id));
create policy own_office on represented_appointment using (sees_office(office_id)) with check (sees_office(office_id));
