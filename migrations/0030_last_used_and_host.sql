-- When another system last spoke to the API with a token: a day (UTC), written at its first request of the day. Nobody knows it of
-- those that stand, which therefore count from today.
alter table token add column last_used_on date;
update token set last_used_on = current_date where revoked_at is null;

-- Under which name the town is asked for, without its port, noted when it is first served; null: not yet, or from this machine
-- alone. A second town on the same database shows by it (src/features/bodies/host.ts).
alter table town add column host text;
