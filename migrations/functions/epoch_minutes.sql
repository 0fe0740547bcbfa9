-- Returns a range of instants as whole minutes since 1970-01-01 UTC. A minute that has begun counts.
create or replace function epoch_minutes(during tstzrange) returns int4range
  language sql immutable parallel safe
  as $$ select int4range(floor(extract(epoch from lower(during)) / 60)::int, ceil(extract(epoch from upper(during)) / 60)::int) $$;
