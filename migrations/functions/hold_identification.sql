-- Keeps the person of an identification from being erased until the transaction ends. Returns false when the identification is gone.
-- Identifications belong to the installation, so the function acts for it, and for the office again when it returns.
create or replace function hold_identification(p_id uuid) returns boolean language plpgsql as $$
declare
  office text := current_setting('app.office', true);
  is_there boolean;
begin
  perform set_config('app.office', '*', true);
  perform from public.person p join public.identification i on i.person_id = p.id where i.id = p_id for key share of p;
  -- Somebody who erased the person at this moment was waited for, and is seen by this statement.
  is_there := exists (select from public.identification where id = p_id);
  perform set_config('app.office', office, true);
  return is_there;
end $$;
