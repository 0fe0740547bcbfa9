-- What a day's figures are has changed (src/features/statistics): no days of waiting of who cancelled, no length of an encounter that was forgotten
-- for four hours, no delay of calls that were made before the appointment was moved. So each day is made anew by the next pass. Months that
-- are published stay as they are.
update figure_mark set day = null;

-- When what is declared of an office last changed, for who harvests its catalogue; of those that are there it isn't known any better.
alter table office add declared_at timestamptz;
update office set declared_at = (select applied_at from town);
