-- Locks an office for a change of its catalogue or rota, until the transaction ends. Bookings wait for it.
create or replace procedure lock_office(p_office integer) language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('finestreta.office'), p_office);
end $$;
