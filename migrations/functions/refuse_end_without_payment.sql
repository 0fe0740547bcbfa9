-- Trigger: refuses to delete what the bank sent while its payment is there. It goes with its payment, by the reference.
create or replace function refuse_end_without_payment() returns trigger language plpgsql as $$
begin
  if exists (select from public.payment where id = old.payment_id) then
    raise exception '% ends with its payment', tg_table_name using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
