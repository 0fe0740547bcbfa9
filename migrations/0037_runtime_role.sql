-- The service runs as a role that owns nothing and may only add to the history (src/lib/db/grants.ts). Two things that it does need
-- rights that it doesn't have, so each is a function that acts with the owner's, does this one thing, and looks its names up in
-- no schema that somebody else could fill.

-- Keeps more from being written to the trail until the transaction ends, so that a seal covers whole transactions. A lock of
-- this kind takes the right to change the table.
create function pause_audit() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table public.audit in share mode;
end $$;
revoke all on function pause_audit() from public;

-- Takes out of these appointments' events the reasons that somebody typed. The trigger event_stays lets nothing else through.
-- sees_office is asked here too: the owner may be a superuser, whom no policy binds.
create function forget_reasons(p_appointments uuid[]) returns void language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.event set data = data - 'reason'
    where appointment_id = any (p_appointments) and data ? 'reason' and public.sees_office(office_id);
end $$;
revoke all on function forget_reasons(uuid[]) from public;

-- What an earlier version gave to the role of every town of the server. Now each database has a role of its own.
do $$
begin
  if to_regrole('finestreta_confined') is not null then
    revoke all on all tables in schema public, auth from finestreta_confined;
    revoke all on all sequences in schema public, auth from finestreta_confined;
    revoke all on schema public, auth from finestreta_confined;
  end if;
end $$;
