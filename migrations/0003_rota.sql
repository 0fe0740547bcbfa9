-- When desks serve, and where agents are.

create table shift (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  weekdays smallint[] not null, -- ISO: 1 is Monday
  starts text not null, -- 'HH:MM'
  ends text not null, -- 'HH:MM'; not after starts: the next day
  since date not null,
  until date,
  -- Days 'YYYY-MM-DD' on which it does not start, as EXDATE in a calendar: a change of one day leaves the weekly pattern whole.
  except_days text[] not null default '{}',
  uid text -- the event of a calendar file that it came from: the same file, brought again, replaces it
);
create index shift_of_office on shift (office_id);
call isolate('shift');

-- A change of the rota that was made in the console, with what was decided for every appointment that loses its desk by it:
-- another desk, any desk that becomes free, an offer of other times, or nothing. The change is in force at once. The
-- appointments follow one by one; until settled_at a worker goes on with them.
create table rota_change (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  made_at timestamptz not null,
  made_by integer not null references staff,
  kind text not null,
  resolutions jsonb not null, -- [{ id, desk, start, resolution }]
  settles_at timestamptz, -- not before: until then a closing can be undone; null: at once
  settled_at timestamptz
);
create index rota_change_open on rota_change (id) where settled_at is null;
call isolate('rota_change');

create table absence (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  starts timestamp not null,
  ends timestamp not null,
  why text not null default '',
  -- The change that entered it in the console; null: the town file declares it. A town file replaces the absences of files and
  -- leaves those of the console alone.
  change_id integer references rota_change,
  uid text, -- as in shift
  check (starts < ends)
);
create index absence_of_office on absence (office_id);
call isolate('absence');

create table closure (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  first_day date not null,
  last_day date not null,
  why jsonb not null default '{}',
  check (first_day <= last_day)
);
create index closure_of_office on closure (office_id);
call isolate('closure');

-- The state of each desk, as the live board shows it (docs/adr/0035): the signs from which it follows, and what the newest event
-- says.
create table presence (
  desk_id integer primary key references desk,
  office_id integer not null references office,
  staff_id integer references staff, -- the person whose console was last seen there
  state text not null check (state in ('available', 'in_call', 'wrap_up', 'break', 'away')),
  since timestamptz not null,
  said text not null check (said in ('available', 'break', 'away')), -- what the person said last, or what signing in or out said
  said_at timestamptz not null,
  said_why text not null check (said_why in ('self', 'came', 'signed_out')),
  acted_at timestamptz not null, -- a page was asked for there
  seen_at timestamptz not null -- a page was open there; written for all consoles of a process at once
) with (fillfactor = 70); -- leaves room for those writes in the same page
call isolate('presence');

-- Each change of a desk's state, in order. It is about people at work: it is never changed, and kept for some weeks only.
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
create index presence_event_at on presence_event (at); -- for their destruction
call isolate('presence_event');
create trigger presence_event_stays before update on presence_event for each row execute function refuse_change();
