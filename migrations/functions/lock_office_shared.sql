-- Locks an office against a change of its catalogue or rota, until the transaction ends. Bookings share this lock.
create or replace procedure lock_office_shared(p_office integer) language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('finestreta.office'), p_office);
end $$;
