-- Takes the reasons that people typed out of the events of these appointments. The service may only add events: the function acts
-- with its owner's rights, and the trigger event_stays lets no other change through. It asks sees_office too, because the owner
-- may be a superuser, whom no policy binds.
create or replace function forget_reasons(p_appointments uuid[]) returns void language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.event set data = data - 'reason'
    where appointment_id = any (p_appointments) and data ? 'reason' and public.sees_office(office_id);
end $$;
revoke all on function forget_reasons(uuid[]) from public;
