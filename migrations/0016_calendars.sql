-- Calendars of other programs (docs/adr/0072, docs/adr/0073).

-- The address at which a calendar program reads the appointments of a desk. Its secret is an opening.
create table calendar_feed (
  id uuid primary key,
  office_id integer not null references office,
  desk_id integer not null references desk,
  -- The person who made it. It opens as long as this person may see the desk.
  staff_id integer not null references staff,
  names boolean not null, -- whether it has the citizens' names, while the office allows them
  made_at timestamptz not null,
  read_on date, -- the day (UTC) on which it was last read, written at the first request of the day
  unique (desk_id, staff_id)
);
create index calendar_feed_of_office on calendar_feed (office_id);
call isolate('calendar_feed');
