-- Trigger: refuses to delete a payment of which the bank may still tell, or with which something is left to do: a case to hand in, money to give back.
create or replace function refuse_end_of_owed() returns trigger language plpgsql as $$
begin
  if old.look_at is not null or (old.state = 'paid' and (old.settled_at is null or old.refund is not null)) then
    raise exception 'Payment % is not over', old.order_number using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
