-- Takes the hashes of addresses out of the steps of a proof, once the appointment's citizen is forgotten: a telephone number is
-- found from its hash by trying all numbers. The service may only add steps: the function acts with its owner's rights. Steps of
-- an appointment that still has a citizen stay, since they say where codes may go.
create or replace function forget_addresses(p_appointments uuid[]) returns void language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  update public.proof_step s set hash = null, before = null
    from public.appointment a
    where s.appointment_id = any (p_appointments) and a.id = s.appointment_id and a.forgotten_at is not null
      and (s.hash is not null or s.before is not null) and public.sees_office(s.office_id);
end $$;
revoke all on function forget_addresses(uuid[]) from public;
