-- The steps of a proof are history: the service may only add to them. They keep hashes of addresses, and whoever has the database finds
-- a telephone number from its hash by trying all there are. So they go when the appointment's citizen is forgotten, by a function
-- that does this and nothing else: of an appointment that has a citizen still they stay, since they say where codes may go.
create function forget_addresses(p_appointments uuid[]) returns void language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.proof_step s set hash = null, before = null
    from public.appointment a
    where s.appointment_id = any (p_appointments) and a.id = s.appointment_id and a.forgotten_at is not null
      and (s.hash is not null or s.before is not null) and public.sees_office(s.office_id);
end $$;
revoke all on function forget_addresses(uuid[]) from public;

-- Those who were forgotten before this.
update proof_step s set hash = null, before = null
  from appointment a where a.id = s.appointment_id and a.forgotten_at is not null;
