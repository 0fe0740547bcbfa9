-- Notification of decisions, with what is known of each (docs/adr/0098; Ley 39/2015, arts. 40 to 46).

-- How a person wants to be notified, by all offices of the town. Rows are only added: the newest counts, the others are evidence.
create table notification_choice (
  id bigint generated always as identity primary key,
  person_id uuid not null references person on delete cascade,
  electronic boolean not null,
  at timestamptz not null
);
create index notification_choice_of_person on notification_choice (person_id, id);
call isolate_person('notification_choice');
-- An office reads what people chose who have a case there.
create policy of_case on notification_choice for select using (
  nullif(current_setting('app.office', true), '') is not null
  and exists (select from case_file c where c.person_id = notification_choice.person_id));

-- The notification of the decision of a case: how it goes, and how it stands.
create table notification (
  id uuid primary key,
  office_id integer not null references office,
  case_id uuid not null unique references case_file on delete cascade,
  way text not null check (way in ('electronic', 'paper')),
  -- Where it goes electronically: in the folder, or handed over to e-NOTUM (docs/adr/0105).
  via text not null default 'folder' check (via in ('folder', 'enotum')),
  -- Why it is in the folder although the town notifies at e-NOTUM; null: the town does not, or it goes by paper.
  here text check (here in ('represented', 'identifier', 'name', 'address', 'size', 'refused', 'failed', 'cancelled')),
  deposited_at timestamptz, -- when e-NOTUM made it available; null: not yet, or it goes another way
  -- What ended it at e-NOTUM before it counted; null: nothing, or it was notified again since.
  stopped text check (stopped in ('failed', 'cancelled')),
  stopped_at timestamptz, -- when, as e-NOTUM says
  met_at timestamptz, -- when e-NOTUM had made it available before that: the office had met its duty (art. 43.3)
  -- Why it goes so: the law obliges the person to it, they chose it, they did not, or nobody knows who they are.
  reason text not null check (reason in ('obliged', 'chosen', 'not_chosen', 'unidentified')),
  chosen_at timestamptz, -- when the person chose it; null: see reason
  person_id uuid references person, -- whose folder it is in; null: nobody's, since nobody was identified
  organisation text, -- the NIF of the organisation for which they acted; null: for themselves
  level text not null check (level in ('none', 'low', 'substantial', 'high')), -- at which it opens
  made_at timestamptz not null, -- when it was made available
  hash bytea not null, -- SHA-256 of the document
  decide_by date, -- the last local day that the office had; null: it had none
  expires_at timestamptz, -- when it counts as rejected; null: never, since it goes by paper, or e-NOTUM tells it
  state text not null default 'available'
    check (state in ('available', 'accepted', 'rejected', 'expired', 'delivered', 'refused', 'failed', 'published')),
  attempted_on date, -- the local day of the first attempt on paper
  attempted_again_on date, -- that of the second one
  recorded_on date, -- the local day on which the paper came, was refused, or was published; also where the folder was earlier
  notified_on date, -- the local day on which it counts as notified; null: it does not yet
  settled_at timestamptz, -- when that was recorded
  noticed_at timestamptz, -- when it was noted what became of the notice of it
  -- Of whoever opened or rejected it. Its evidence is kept as long as this row.
  identification_id uuid references identification,
  check ((person_id is null) = (level = 'none')),
  check (way = 'electronic' or (via = 'folder' and here is null)),
  check (via = 'folder' or here is null),
  check (via = 'enotum' or deposited_at is null),
  check ((stopped is null) = (stopped_at is null)),
  check (via = 'enotum' or stopped is null),
  check ((way = 'electronic' and via = 'folder') = (expires_at is not null)),
  check ((attempted_on is null) = (attempted_again_on is null)),
  check (recorded_on >= attempted_again_on),
  check ((notified_on is null) = (settled_at is null)),
  check ((notified_on is null) = (state in ('available', 'failed'))),
  -- What was opened in the folder may have come on paper before that. Of what was opened at e-NOTUM, the evidence is theirs.
  check (state not in ('accepted', 'rejected') or (via = 'folder') = (identification_id is not null)),
  check (identification_id is null or state in ('accepted', 'rejected', 'delivered', 'refused', 'published'))
);
create index notification_of_person on notification (person_id, made_at) where person_id is not null;
create index notification_of_organisation on notification (organisation, made_at) where organisation is not null;
create index notification_to_expire on notification (expires_at) where state = 'available';
create index notification_to_do on notification (office_id, made_at) where notified_on is null;
create index notification_unnoticed on notification (made_at) where noticed_at is null;
create index notification_by_identification on notification (identification_id) where identification_id is not null;
call isolate('notification');
create policy own_person on notification for select using (
  current_setting('app.person', true) <> '' and person_id = nullif(current_setting('app.person', true), '')::uuid);

-- What the office had sealed about a notification: the facts until then, and the hash of what was notified.
create table notification_evidence (
  id uuid primary key, -- what its verification code opens
  office_id integer not null references office,
  notification_id uuid not null references notification on delete cascade,
  issued_at timestamptz not null,
  issued_by text not null,
  facts integer not null, -- how many facts it tells: with none more, it is given again
  document bytea not null, -- sealed under the key of the case: the PDF
  code bytea not null, -- sealed: the verification code
  unique (notification_id, facts)
);
call isolate('notification_evidence');

-- A notification that is owed to e-NOTUM, until it has its number, and what e-NOTUM tells of it since.
create table notification_handover (
  notification_id uuid primary key references notification on delete cascade,
  office_id integer not null references office,
  owed_at timestamptz not null,
  attempts integer not null default 0, -- without an end, so far
  next_try_at timestamptz, -- null: nothing is left to do
  taken_until timestamptz, -- until when a worker has it; null: none has
  sent_at timestamptz, -- when it was sent last and may be there; null: it was not, or e-NOTUM has not taken it
  failing text check (failing in ('away', 'refused', 'unclear')), -- why the last try had no end
  words text, -- of e-NOTUM, for whoever mends it
  number text, -- there; null: not yet
  handed_at timestamptz, -- when its number was kept
  asked_at timestamptz, -- until when it was asked what became of it
  signer bytea, -- sealed under the key of the case: who opened or rejected it, as e-NOTUM says
  evidence bytea, -- sealed: that of e-NOTUM
  evidence_of text, -- the state that it proves
  round smallint not null default 1, -- how many times it was handed over there: each has a reference of its own
  past bytea, -- sealed: what became of it in the rounds before
  past_numbers text[] not null default '{}', -- there, of the rounds that do not count: what is opened there all the same counts (art. 41.7)
  check ((number is null) = (handed_at is null)),
  check (number is null or asked_at is not null),
  check ((evidence is null) = (evidence_of is null)),
  check (number is not null or (signer is null and evidence is null))
);
create index notification_handover_due on notification_handover (next_try_at) where next_try_at is not null;
create index notification_handover_number on notification_handover (number) where number is not null;
create index notification_handover_past on notification_handover using gin (past_numbers);
create index notification_handover_asked on notification_handover (asked_at) where asked_at is not null;
call isolate('notification_handover');
