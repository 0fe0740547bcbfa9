-- Conversations in writing (docs/adr/0121).

-- Keys of what is written, and of files.
alter table space_key drop constraint space_key_shelf_check;
alter table space_key add constraint space_key_shelf_check
  check (shelf in ('working', 'evidence', 'case', 'request', 'chat'));

create table chat (
  id uuid primary key, -- its link derives from it (opening)
  number bigint generated always as identity, -- what both sides can call it
  office_id integer not null references office,
  asked_by uuid not null unique, -- the key of the form with which it was begun: sent twice it begins once
  topic text not null, -- a code of the office's
  language text not null,
  sender bytea, -- the address that began it, as a keyed hash that changes each day; null: it waits no more
  name bytea, -- sealed; null: not said, or destroyed
  contact bytea, -- sealed: where a message is answered (JSON); null: nowhere, or destroyed
  state text not null check (state in ('waiting', 'offered', 'talking', 'message', 'left', 'ended')),
  -- Its place in the line, which it never loses. Whoever was given back is before all others.
  place timestamptz not null,
  returned_at timestamptz,
  target_desk integer references desk, -- a colleague to whom it was handed over, and to whom it is offered first
  desk_id integer references desk, -- to which it is offered, or that answers
  offered_until timestamptz,
  staff_id integer references staff, -- who answers
  held_since timestamptz, -- since when this desk has answered
  taken_at timestamptz, -- when somebody first answered
  encounter_id uuid unique references encounter, -- null: nobody has answered
  person_at timestamptz not null, -- the last words or keys of the person
  desk_at timestamptz, -- the last words of the office
  unanswered_at timestamptz, -- since when the office owes words; null: it wrote last, or nobody answers
  asked_at timestamptz, -- when the person was asked whether they are still there
  seen_at timestamptz not null, -- when the person's page was last open
  ended_at timestamptz,
  ended_why text check (ended_why in ('person', 'desk', 'silent', 'gone', 'message', 'answered', 'moved', 'closed', 'unanswered')),
  -- Of a message that nobody has answered: when those who coordinate were last told, and when its person was told that it will be destroyed.
  office_told_at timestamptz,
  person_told_at timestamptz,
  forgotten_at timestamptz, -- when what was written was destroyed
  check ((state in ('offered', 'talking')) = (desk_id is not null)),
  check ((state = 'offered') = (offered_until is not null)),
  check ((state in ('left', 'ended')) = (ended_at is not null)),
  check ((ended_at is null) = (ended_why is null)),
  check (sender is null or state in ('waiting', 'offered'))
);
-- Those who wait, and those who are answered: few of all.
create index chat_live on chat (office_id, place) where state in ('waiting', 'offered', 'talking');
create index chat_messages on chat (office_id, place) where state = 'message';
create index chat_ended on chat (office_id, ended_at) where forgotten_at is null and ended_at is not null;
call isolate('chat');

-- What is said in a conversation, in the order in which it was written.
create table chat_entry (
  id uuid primary key, -- made by the browser: what is sent again is kept once
  number bigint generated always as identity,
  office_id integer not null references office,
  chat_id uuid not null references chat on delete cascade,
  at timestamptz not null,
  side text not null check (side in ('person', 'office', 'system')),
  by text not null,
  kind text not null check (kind in ('words', 'file', 'system', 'note')), -- note: only colleagues see it
  language text, -- of the words
  text bytea, -- sealed
  what text, -- of the system's: a code
  check ((text is not null) = (kind in ('words', 'note'))),
  check ((what is not null) = (kind = 'system'))
);
create index chat_entry_of on chat_entry (chat_id, number);
call isolate('chat_entry');

-- A file of a conversation: few and small, sealed with it, and destroyed with it.
create table chat_file (
  id uuid primary key,
  office_id integer not null references office,
  chat_id uuid not null references chat on delete cascade,
  entry_id uuid not null unique references chat_entry on delete cascade,
  state text not null check (state in ('checking', 'clean', 'infected', 'unscannable', 'error', 'refused')),
  state_at timestamptz not null,
  why text, -- a code: why it was refused or could not be checked
  declared text not null, -- the media type that the sender said it had
  type text, -- the one that the check found
  size integer not null check (size > 0), -- of the clear bytes
  name bytea not null, -- sealed
  bytes bytea, -- sealed; null: it was refused
  check_at timestamptz, -- when to check it next; null: it needs none
  checks smallint not null default 0
);
create index chat_file_of on chat_file (chat_id);
create index chat_file_to_check on chat_file (check_at) where check_at is not null;
call isolate('chat_file');

-- A code that proves an address to which a conversation is sent. The code itself is in no table: it is made from the id.
create table chat_code (
  id uuid primary key,
  office_id integer not null references office,
  chat_id uuid not null references chat on delete cascade,
  email bytea not null, -- sealed
  made_at timestamptz not null,
  expires_at timestamptz not null,
  tries smallint not null default 0,
  ended_at timestamptz -- used, or tried too often, or there is a newer one
);
create index chat_code_of on chat_code (chat_id, made_at);
call isolate('chat_code');

-- Each change of a conversation with its time, for figures. It names no person of the public.
create table chat_event (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  chat_id uuid references chat, -- null: it is of a desk
  at timestamptz not null,
  kind text not null,
  desk_id integer references desk,
  actor text not null,
  data jsonb not null
);
create index chat_event_of on chat_event (chat_id, id);
create index chat_event_of_desk on chat_event (office_id, desk_id, at) where desk_id is not null;
call isolate('chat_event');

-- Notices of a conversation.
alter table notice add constraint notice_of_chat foreign key (chat_id) references chat;
create index notice_of_chat on notice (chat_id) where chat_id is not null;
