-- Returns whether a person has p_most appointments to come, found by e-mail address or by telephone number. Until the transaction
-- ends, no other transaction counts the appointments of the same person. Locks are taken in the order of their numbers, so that
-- two people who share a telephone do not wait for each other.
create or replace function has_enough(p_office integer, p_email text, p_phone text, p_most integer, p_now timestamptz, p_except uuid)
  returns boolean language plpgsql as $$
declare
  space integer := hashtext('finestreta.person');
  one integer := hashtext(p_office || ' ' || p_email);
  two integer := hashtext(p_office || ' ' || p_phone);
begin
  perform pg_advisory_xact_lock(space, least(one, two));
  perform pg_advisory_xact_lock(space, greatest(one, two));
  return exists (
    select from appointment a
    where a.office_id = p_office and a.email = p_email and a.status = 'booked' and a.starts > p_now and a.id is distinct from p_except
    offset p_most - 1
  ) or exists (
    select from appointment a
    where a.office_id = p_office and a.phone = p_phone and a.status = 'booked' and a.starts > p_now and a.id is distinct from p_except
    offset p_most - 1
  );
end $$;
