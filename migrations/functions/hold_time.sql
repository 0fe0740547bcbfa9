-- Keeps a stretch of time for a person who is filling in the form. p_held_by is a keyed hash of their network address.
-- p_instead_of is an earlier hold of the same booking: it does not count, and is given back once the new time is kept.
-- Returns held, taken, stale (the office's catalogue or rota is newer than p_revision) or too_many (p_held_by would hold more than
-- p_most times). A time counts once for each p_unit minutes that it begins, so that long appointments keep no more of the rota than
-- short ones. A sender who holds nothing else may hold any time.
create or replace function hold_time(
  p_office integer, p_revision integer, p_desks integer[], p_starts timestamptz, p_ends timestamptz,
  p_busy_until timestamptz, p_day tstzrange, p_now timestamptz, p_hold_until timestamptz, p_hold_hash bytea,
  p_held_by bytea, p_most integer, p_unit integer, p_instead_of bytea
) returns text language plpgsql as $$
declare
  claimed bigint;
  held integer;
  wanted integer := ceil(extract(epoch from p_ends - p_starts) / 60 / p_unit);
begin
  perform set_config('app.office', p_office::text, true);
  call lock_office_shared(p_office);
  perform from office b where b.id = p_office and b.revision = p_revision;
  if not found then return 'stale'; end if;
  if p_held_by is not null then
    perform pg_advisory_xact_lock(hashtext('finestreta.holds'), hashtext(encode(p_held_by, 'hex')));
    select coalesce(sum(ceil(extract(epoch from t.ends - t.starts) / 60 / p_unit)), 0) into held from desk_time t
      where t.held_by = p_held_by and t.hold_until > p_now and t.hold_hash is distinct from p_instead_of;
    if held > 0 and held + wanted > p_most then return 'too_many'; end if;
  end if;
  select c.time_id into claimed
    from claim_time(p_office, p_desks, p_starts, p_ends, p_busy_until, p_day, p_now, p_hold_until, p_hold_hash) c;
  if claimed is null then return 'taken'; end if;
  update desk_time t set held_by = p_held_by where t.id = claimed and p_held_by is not null;
  delete from desk_time t where t.hold_hash = p_instead_of;
  return 'held';
end $$;
