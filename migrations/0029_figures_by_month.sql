-- A page over years reads months and not days (src/features/statistics): what all the Mondays of a month add up to stands on its first
-- Monday, and so on. In the same columns as the days, so that whole months are read from here and the ends of a span from figure_day.
create table figure_month (
  like figure_day including indexes,
  foreign key (office_id) references office,
  foreign key (procedure_id) references procedure
);
call isolate('figure_month');

-- The same of what was carried out and answered, on the first day of the month.
create table figure_item_month (
  like figure_item including indexes,
  foreign key (office_id) references office,
  foreign key (procedure_id) references procedure
);
call isolate('figure_item_month');

-- What the days say already; from now on a pass adds up the months that it touches (src/features/statistics/store.ts).
do $$
declare
  added text[] := array['booked', 'fulfilled', 'noshow', 'cancelled', 'wait_days', 'contacted', 'punctual', 'late_seconds', 'called',
    'attempts', 'closed', 'talked_seconds', 'procedures', 'queries', 'with_procedures', 'with_queries', 'answered'];
  lists text := (
    select string_agg(format('array[%s]', sums), ', ' order by nth)
    from (values (1, 'solved', 3), (2, 'scores', 11), (3, 'by_hour', 24)) list (nth, name, length) cross join lateral (
      select string_agg(format('sum(%I[%s])::integer', name, at), ', ' order by at) from generate_series(1, length) at
    ) each (sums)
  );
begin
  execute format(
    'insert into figure_month (office_id, day, channel, procedure_id, language, %s, solved, scores, by_hour)
      select office_id, day - (extract(day from day)::integer - 1) / 7 * 7, channel, procedure_id, language, %s, %s
      from figure_day group by 1, 2, 3, 4, 5',
    (select string_agg(quote_ident(each), ', ') from unnest(added) each),
    (select string_agg(format('sum(%I)', each), ', ') from unnest(added) each),
    lists
  );
end $$;

insert into figure_item_month (office_id, day, channel, language, kind, procedure_id, query, items)
select office_id, date_trunc('month', day::timestamp)::date, channel, language, kind, procedure_id, query, sum(items)
from figure_item group by 1, 2, 3, 4, 5, 6, 7;

-- Few surveys say something in words, and fewer of those are shown.
create index survey_comment on survey_answer (office_id, passed) where comment <> '';
