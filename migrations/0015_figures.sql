-- Figures of an office by day, made from what happened (src/features/insight/statistics), so that a page over years reads
-- thousands of rows and not millions. No person is in them: they stay when a citizen's data are destroyed.

-- How far figures are made: up to this event and this day of the office's zone. Without a day, the next pass makes all again.
create table figure_mark (
  office_id integer primary key references office,
  event_id bigint not null,
  day date
);
call isolate('figure_mark');

-- Appointments by the local day that they were for in the end, and encounters without one by the local day on which they began.
-- A day is made anew when something of it changes.
create table figure_day (
  office_id integer not null references office,
  day date not null,
  channel text not null,
  procedure_id integer references procedure, -- null: of encounters without an appointment
  language text not null,
  booked integer not null,
  fulfilled integer not null,
  noshow integer not null,
  cancelled integer not null,
  unkept integer not null, -- whose hour was on that day and passed without a call of ours, whatever they were in the end
  wait_days bigint not null, -- local days from the booking to the day, added up
  contacted integer not null, -- that were called, or begun without a call
  punctual integer not null, -- of those, at most five minutes after their time
  late_seconds bigint not null, -- of those, after their time, added up
  called integer not null, -- that were called at least once
  attempts integer not null,
  closed integer not null, -- encounters that have begun and ended, those without an appointment too
  talked_seconds bigint not null, -- of those, added up
  procedures integer not null, -- carried out
  queries integer not null, -- answered
  with_procedures integer not null, -- appointments with at least one
  with_queries integer not null,
  unbooked integer not null, -- encounters without an appointment
  answered integer not null, -- surveys
  solved integer[] not null, -- yes, partly, no
  scores integer[] not null, -- how many gave 0, 1, … 10
  by_hour integer[] not null, -- booked, by the hour in which they begin: 0, 1, … 23
  unique nulls not distinct (office_id, day, channel, procedure_id, language)
);
call isolate('figure_day');

-- What was carried out and answered, by what it was: not always what the appointment was booked for.
create table figure_item (
  office_id integer not null references office,
  day date not null,
  channel text not null,
  language text not null,
  kind text not null,
  procedure_id integer references procedure, -- null: something else, or a query of the office's list
  query text,
  items integer not null,
  unique nulls not distinct (office_id, day, channel, language, kind, procedure_id, query)
);
call isolate('figure_item');

-- The same by month, for pages over years, in the same columns: the sum of all Mondays of a month stands on its first Monday, and
-- so on. Whole months are read from here, and the ends of a span from figure_day.
create table figure_month (
  like figure_day including indexes,
  foreign key (office_id) references office,
  foreign key (procedure_id) references procedure
);
call isolate('figure_month');

-- What was carried out and answered in a month, on its first day.
create table figure_item_month (
  like figure_item including indexes,
  foreign key (office_id) references office,
  foreign key (procedure_id) references procedure
);
call isolate('figure_item_month');

-- How video calls went, by the day on which they ended. What they are made of is destroyed in the end
-- (src/features/foundation/retention), so a day's calls never become fewer.
create table figure_call (
  office_id integer not null references office,
  day date not null,
  calls integer not null,
  connected integer not null,
  good integer not null,
  fair integer not null,
  poor integer not null,
  primary key (office_id, day)
);
call isolate('figure_call');

-- Encounters by other channels, as another system counts them: one figure a month and channel; a later one replaces it.
create table figure_other (
  office_id integer not null references office,
  month date not null check (extract(day from month) = 1),
  channel text not null check (channel in ('walk_in', 'telephone', 'internet')),
  encounters integer not null check (encounters >= 0),
  imported_at timestamptz not null,
  imported_by text not null,
  primary key (office_id, month, channel)
);
call isolate('figure_other');

-- What was published of a month: once, when its surveys can't be answered any more, and never changed. The difference between two
-- versions could be one person.
create table open_month (
  office_id integer not null references office,
  month date not null,
  published_at timestamptz not null,
  primary key (office_id, month)
);
call isolate('open_month');

create table open_figure (
  office_id integer not null,
  month date not null,
  position integer not null,
  indicator text not null,
  channel text, -- null in these three: of all
  procedure text, -- code
  language text,
  value double precision, -- null: fewer than five people, or kept back so that fewer than five can't be worked out
  primary key (office_id, month, position),
  foreign key (office_id, month) references open_month
);
call isolate('open_figure');
create trigger open_month_stays before update or delete or truncate on open_month for each statement execute function refuse_change();
create trigger open_figure_stays before update or delete or truncate on open_figure for each statement execute function refuse_change();
