-- When another system last spoke to the API with a token: a day (UTC), written at its first request of the day. Of tokens that stood
-- before, nobody knows what was before this day, from which alone they can be called unused.
alter table token add column last_used_on date;
alter table token add column watched_since date; -- null: since it was made
update token set watched_since = current_date;

-- Under which name the town is asked for, without its port, noted when it is first served; null: not yet, or from this machine
-- alone. A second town on the same database shows by it (src/features/offices/host.ts).
alter table town add column host text;
