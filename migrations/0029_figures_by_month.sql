-- A page over years reads months and not days (src/features/statistics): what all the Mondays of a month add up to stands on its first
-- Monday, and so on. In the same columns as the days, so that whole months are read from here and the ends of a span from figure_day.
create table figure_month (
  like figure_day including indexes,
  foreign key (body_id) references body,
  foreign key (procedure_id) references procedure
);
call wall('figure_month');

-- The same of what was carried out and answered, on the first day of the month.
create table figure_item_month (
  like figure_item including indexes,
  foreign key (body_id) references body,
  foreign key (procedure_id) references procedure
);
call wall('figure_item_month');

-- The next pass makes all days again, and their months with them.
update figure_mark set day = null;

-- Few surveys say something in words, and fewer of those are shown.
create index survey_comment on survey_answer (body_id, passed) where comment <> '';
