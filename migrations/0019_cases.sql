-- Forms as they were published, and the cases that were begun with them (docs/adr/0091).

-- A version never changes: a case stays on the one with which it began.
create table form_version (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  procedure_id integer not null references procedure,
  number integer not null check (number > 0), -- 1, 2, 3 … of the procedure
  sha256 bytea not null, -- of the content
  content text not null, -- canonical JSON, with defaults
  published_at timestamptz not null,
  unique (procedure_id, number)
);
call isolate('form_version');
create trigger form_version_stays before update or delete on form_version for each row execute function refuse_change();
create trigger form_version_not_emptied before truncate on form_version for each statement execute function refuse_change();

-- The version with which no new case begins any more, since the town took the form away. A form that comes back is another version.
create table form_ending (
  form_id integer primary key references form_version,
  office_id integer not null references office,
  ended_at timestamptz not null
);
call isolate('form_ending');
create trigger form_ending_stays before update or delete on form_ending for each row execute function refuse_change();
create trigger form_ending_not_emptied before truncate on form_ending for each statement execute function refuse_change();

-- A case: one procedure of one person, from the first answer to the decision. Its answers are sealed under a key of its own (space_key).
create table case_file (
  id uuid primary key,
  office_id integer not null references office,
  reference text not null unique, -- what a person reads out: K7M-2QX
  procedure_id integer not null references procedure,
  form_id integer not null references form_version,
  door text not null check (door in ('online', 'phone', 'video', 'in_person')), -- through which it began
  language text not null, -- of what is written to the person
  link smallint not null default 0, -- how often its link was replaced
  state text not null, -- draft, or a state of the form's table
  state_at timestamptz not null,
  state_due date, -- the last local day of the present state; null: it has no end
  lapse_on date, -- the last local day after which the system's step is taken; null: there is none
  decide_by date, -- the last local day for the decision; null: none, or it does not run now
  -- The level at which somebody was identified when they began it, and who that is: only they open it. None: whoever has its link. A draft that
  -- was begun for somebody has a level and nobody yet: it opens to whoever makes it theirs, at that level, with its link.
  level text not null default 'none' check (level in ('none', 'low', 'substantial', 'high')),
  person_id uuid references person,
  -- The identification of whoever handed it in, whose evidence is kept as long as the case; null: nobody was identified, or not yet.
  identification_id uuid references identification,
  opened_at timestamptz not null,
  opened_by text not null,
  changed_at timestamptz not null, -- of the last answer
  version integer not null default 0, -- of the answers
  -- Sealed: the answers, and who gave each; in to-amend, what its person has corrected and not handed in. Null: there is none.
  draft bytea,
  discard_at timestamptz, -- when the draft is deleted if nobody changes it; null: handed in
  handed_in_at timestamptz,
  record bytea, -- sealed: what was handed in; null: not yet, or destroyed
  record_hash bytea, -- SHA-256 of it
  assignee integer references staff,
  closed_at timestamptz, -- nothing can follow any more
  -- Of a form that is answered at once (docs/adr/0099). Null: an official decides; left: they do, since it could not be certain.
  at_once text check (at_once in ('due', 'issued', 'left')),
  at_once_why bytea, -- sealed: why it was left
  check ((state = 'draft') = (handed_in_at is null)),
  check ((handed_in_at is null) = (record_hash is null)),
  check (case when level = 'none' then person_id is null else person_id is not null or state = 'draft' end),
  check (state in ('draft', 'to-amend') or draft is null),
  check ((state = 'draft') = (discard_at is not null)),
  check ((at_once is not distinct from 'left') = (at_once_why is not null))
);
create index case_file_of_office on case_file (office_id, state, state_at);
create index case_file_to_discard on case_file (discard_at) where discard_at is not null;
create index case_file_lapsing on case_file (lapse_on) where closed_at is null and lapse_on is not null;
create index case_file_of_person on case_file (person_id) where person_id is not null;
create index case_file_by_identification on case_file (identification_id) where identification_id is not null;
create index case_file_at_once on case_file (handed_in_at) where at_once = 'due';
call isolate('case_file');
-- A person reads which cases they have in all offices. What is sealed in them opens in the office's scope alone.
create policy own_person on case_file for select using (
  current_setting('app.person', true) <> '' and person_id = nullif(current_setting('app.person', true), '')::uuid);

-- The papers of a case are documents (0010), sealed under its key.
alter table document add foreign key (case_id) references case_file;
create index document_of_case on document (case_id, made_at) where case_id is not null;

-- What happened to a case. Rows are only added; a draft that nobody handed in leaves none.
create table case_event (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  case_id uuid not null references case_file on delete cascade,
  kind text not null,
  at timestamptz not null,
  actor text not null,
  data jsonb not null default '{}'
);
create index case_event_of_case on case_event (case_id, id);
call isolate('case_event');
