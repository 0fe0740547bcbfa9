-- Who is at their desk, and what they are at, as the board of now shows it (docs/adr/0035-presence.md).

-- What is known of each desk: signs from which its state follows, and the state that the newest event says.
create table presence (
  desk_id integer primary key references desk,
  office_id integer not null references office,
  staff_id integer references staff, -- whose console was seen there last
  state text not null check (state in ('available', 'in_call', 'wrap_up', 'break', 'away')),
  since timestamptz not null,
  said text not null check (said in ('available', 'break', 'away')), -- what they said last, or coming and leaving said for them
  said_at timestamptz not null,
  said_why text not null check (said_why in ('self', 'came', 'signed_out')),
  acted_at timestamptz not null, -- somebody asked for a page there
  seen_at timestamptz not null -- a page was open there; written for all consoles of a process at once
) with (fillfactor = 70); -- room for those writes in the same page
call isolate('presence');

-- Each change, in order. It is about people at work: kept for some weeks only, and never changed.
create table presence_event (
  id integer primary key generated always as identity,
  office_id integer not null references office,
  desk_id integer not null references desk,
  from_state text, -- null: nothing was known
  to_state text not null,
  at timestamptz not null, -- since when it was so; it may have been noticed later
  why text not null check (why in ('self', 'came', 'signed_out', 'call', 'timeout')),
  actor text not null -- staff:7, system
);
create index presence_event_of_office on presence_event (office_id, id);
create index presence_event_at on presence_event (at); -- to be destroyed in time
call isolate('presence_event');
create trigger presence_event_stays before update on presence_event for each row execute function refuse_change();

-- What was begun at a desk lately.
create index encounter_of_desk on encounter (desk_id, started_at);
