-- Stops others from writing to the audit trail until the transaction ends, so that a seal covers whole transactions. Such a lock
-- takes the right to change the table, which the service does not have (src/lib/db/grants.ts): the function acts with its
-- owner's rights, and looks up names in no schema that others could fill.
create or replace function pause_audit() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table public.audit in share mode;
end $$;
revoke all on function pause_audit() from public;
