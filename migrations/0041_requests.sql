-- Complaints, suggestions, incidents, questions and thanks, of the types that the town file declares (docs/adr/0119).
create table request (
  id uuid primary key, -- its link derives from it (opening)
  office_id integer not null references office,
  reference text not null unique, -- what a person reads out: K7M-2QX
  link smallint not null default 0, -- how often its link was replaced
  type text not null, -- its code in the town file
  kind text not null check (kind in ('complaint', 'suggestion', 'incident', 'question', 'thanks')), -- of its type, when it was begun
  door text not null check (door in ('online', 'phone', 'video', 'in_person', 'chat', 'api')), -- through which it came
  language text not null, -- of what is written to the person
  encounter_id uuid references encounter on delete set null, -- in which an official wrote it down; null: none
  made_at timestamptz not null,
  made_by text not null, -- citizen, person:<id>, staff:7, token:2
  changed_at timestamptz not null, -- of what its person writes, before it is sent
  sent_at timestamptz, -- null: it is being written, and nobody of the office sees it
  sent_on date, -- its local day, by which everybody reads it
  is_public boolean not null default false, -- whether its type was public when it was sent: its person was told so then
  state text not null check (state in ('received', 'planned', 'in_progress', 'asked', 'answered', 'refused', 'merged')),
  state_at timestamptz not null,
  version integer not null default 0, -- rises with each change of an official or of its person
  answer_for_all text not null default '', -- what the office answered to everybody who told the same, without names
  reason text, -- why it was refused: a code of the town file, or 'withdrawn'
  merged_into uuid references request,
  -- What is written: destroyed some days after the last close.
  text text not null default '',
  answers jsonb not null default '{}', -- of the type's questions, by their ids
  address text not null default '', -- where it is, in words
  latitude double precision, -- WGS 84
  longitude double precision,
  area text, -- the code of the district
  -- How its person is told, and who it is.
  tell_by text check (tell_by in ('email', 'sms', 'call', 'page')), -- call: an official calls them; null: nobody asked yet
  anonymous boolean not null default false,
  name text not null default '',
  email text,
  phone text,
  person_id uuid references person on delete set null, -- the identified person who sent it; never of one who stays unnamed
  left_at timestamptz, -- when its person took it back while others go on with it
  -- Who works on it, and until when.
  team text,
  assignee integer references staff,
  since timestamptz, -- when it came, or was reopened last: the term counts from it
  due date, -- the last day of the term; null: none, or it stands still
  closed_at timestamptz,
  last_call_at timestamptz, -- when its person was told for the last time that they were asked something; null once it moved on
  officials_told_at timestamptz, -- when its officials were told that it is late, asked in vain, or to be called about; null once it moved on
  call_owed_at timestamptz, -- since when somebody has to call its person, who wants to be told so; null: there is nothing to tell
  -- What an official lets everybody see of it: its words, and photos by their ids.
  shown_text boolean not null default false,
  shown_words text, -- its words with some cut out, where an official did that; null: as they are
  shown_photos uuid[] not null default '{}',
  shown_sides jsonb not null default '{}', -- of these photos, by id: width and height in pixels, as they are seen
  reopened smallint not null default 0, -- how often
  anonymised_at timestamptz,
  check ((latitude is null) = (longitude is null)),
  check (latitude between -90 and 90 and longitude between -180 and 180),
  check ((state = 'merged') = (merged_into is not null)),
  check ((state in ('answered', 'refused', 'merged')) = (closed_at is not null)),
  check (sent_at is not null or state = 'received'),
  check (call_owed_at is null or (tell_by = 'call' and sent_at is not null)),
  check (sent_at is null or sent_on is not null),
  check (anonymised_at is null or (text = '' and shown_words is null and name = '' and email is null and phone is null and person_id is null and address = '' and answers = '{}'))
);
create index request_of_office on request (office_id, state, state_at) where sent_at is not null;
-- The public list: what its person took back is not on it.
create index request_public on request (office_id, sent_on desc, reference) where is_public and sent_at is not null and reason is distinct from 'withdrawn';
create index request_due on request (office_id, due) where sent_at is not null and closed_at is null and due is not null;
-- Those near a point: a band of latitudes of one type, open or lately closed.
create index request_near on request (office_id, type, latitude) where sent_at is not null and latitude is not null;
create index request_of_area on request (office_id, type, area) where sent_at is not null;
create index request_to_call on request (office_id) where call_owed_at is not null;
create index request_asked on request (office_id, state_at) where state = 'asked';
create index request_sent on request (office_id, sent_on) where sent_at is not null;
create index request_being_written on request (changed_at) where sent_at is null;
create index request_to_anonymise on request (office_id, closed_at) where closed_at is not null and anonymised_at is null;
create index request_merged on request (merged_into) where merged_into is not null;
create index request_of_person on request (person_id) where person_id is not null;
create index request_of_address on request (office_id, email) where email is not null;
create index request_of_phone on request (office_id, phone) where phone is not null;
create index request_of_assignee on request (assignee) where assignee is not null and closed_at is null;
call isolate('request');
-- A person reads which requests they have in all offices.
create policy own_person on request for select using (
  current_setting('app.person', true) <> '' and person_id = nullif(current_setting('app.person', true), '')::uuid);

-- What happened to a request, in order: states, teams, codes and numbers, and nobody's words.
create table request_event (
  id integer primary key generated always as identity,
  office_id integer not null references office,
  request_id uuid not null references request on delete cascade,
  at timestamptz not null,
  actor text not null,
  kind text not null check (kind in ('sent', 'moved', 'assigned', 'message', 'followed', 'unfollowed', 'merged_here', 'surveyed', 'anonymised', 'left', 'link_given', 'last_call', 'called')),
  from_state text,
  to_state text,
  data jsonb not null default '{}' -- reason, team, assignee, the other request
);
create index request_event_of_request on request_event (request_id, id);
-- What was closed and reopened in a span of days, for the figures.
create index request_event_moved on request_event (office_id, at) where kind = 'moved';
call isolate('request_event');
create trigger request_event_stays before update on request_event for each row execute function refuse_change();

-- What an office and whoever sent a request write to each other.
create table request_message (
  id uuid primary key,
  number bigint generated always as identity, -- in the order in which they were written
  office_id integer not null references office,
  request_id uuid not null references request on delete cascade,
  at timestamptz not null,
  side text not null check (side in ('office', 'person')), -- who writes
  by text not null,
  text text not null,
  seen_at timestamptz -- of the person's: when an official first had it on their screen; null: not yet
);
create index request_message_of_request on request_message (request_id, number);
call isolate('request_message');

-- What officials write about a request for colleagues. Its person never sees it.
create table request_note (
  id integer primary key generated always as identity,
  office_id integer not null references office,
  request_id uuid not null references request on delete cascade,
  at timestamptz not null,
  by text not null,
  text text not null
);
create index request_note_of_request on request_note (request_id, id);
call isolate('request_note');

-- Who found the same thing, said so, and may want to hear of it. Each has a link of their own (opening).
create table request_follower (
  id uuid primary key,
  office_id integer not null references office,
  request_id uuid not null references request on delete cascade,
  at timestamptz not null,
  language text not null,
  tell_by text not null check (tell_by in ('email', 'sms', 'page')),
  email text,
  phone text,
  confirmed_at timestamptz, -- when their link was first opened; null: nothing but the first message goes to their address
  left_at timestamptz
);
create index request_follower_of_request on request_follower (request_id, at);
create unique index request_follower_once on request_follower (request_id, coalesce(email, phone)) where left_at is null and coalesce(email, phone) is not null;
call isolate('request_follower');

-- Messages to its person and to those who follow it.
alter table notice add constraint notice_of_request foreign key (request_id) references request;
create index notice_of_request on notice (request_id) where request_id is not null;
-- What its person says of it in the end.
alter table survey_answer add foreign key (request_id) references request;
-- Its photos are documents (0010), sealed under its key.
alter table document add foreign key (request_id) references request;
create index document_of_request on document (request_id, made_at) where request_id is not null;
