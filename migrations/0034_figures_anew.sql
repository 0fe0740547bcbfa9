-- What a day's figures are has changed (src/features/statistics): no days of waiting of who cancelled, no length of an attention that was forgotten
-- for four hours, no delay of calls that were made before the appointment was moved. So each day is made anew by the next pass. Months that
-- are published stay as they are.
update figure_mark set day = null;
