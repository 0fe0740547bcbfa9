-- Trigger: deletes the identification on which an act relied, once the act is destroyed, and its person where nothing else of theirs is left.
-- Identifications belong to the installation, so the function acts for it, and for the office again when it returns.
create or replace function forget_act_identity() returns trigger language plpgsql as $$
declare
  office text := current_setting('app.office', true);
  gone uuid;
begin
  perform set_config('app.office', '*', true);
  delete from public.identification where id = old.identification_id returning person_id into gone;
  -- Somebody who identifies at this moment is waited for, and seen by the next statement.
  perform from public.person where id = gone for update;
  delete from public.person p where p.id = gone
    and not exists (select from public.identification i where i.person_id = p.id)
    and not exists (select from public.person_appointment m where m.person_id = p.id);
  perform set_config('app.office', office, true);
  return null;
end $$;
