-- Deletes payments whose time is over, with what the bank sent of them. The service may not delete them: the function acts with its owner's rights,
-- triggers refuse those with which something is left to do, and the function those that the law keeps, whatever the office has set and the service's
-- clock says, by what the bank sent as well, which nobody can change: what was paid or given back for four years (Ley 58/2003, art. 66), what nobody paid for thirteen months (Real Decreto-ley 19/2018, art. 43).
create or replace function destroy_payments(p_payments uuid[]) returns void language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  v_order text;
begin
  select p.order_number into v_order from public.payment p join public.office o on o.id = p.office_id
    where p.id = any (p_payments) and public.sees_office(p.office_id)
      and case when p.state in ('paid', 'refunded')
        then greatest(p.begun_at, p.decided_at, p.settled_at, p.refunded_at,
          (select max(n.at) from public.payment_notification n where n.payment_id = p.id)) > now() - 1461 * interval '24 hours'
        else p.begun_at > (now() at time zone (o.settings ->> 'timeZone') - interval '13 months') at time zone (o.settings ->> 'timeZone')
      end
    limit 1;
  if found then
    raise exception 'The law keeps payment %', v_order using errcode = 'restrict_violation';
  end if;
  delete from public.payment where id = any (p_payments) and public.sees_office(office_id);
end $$;
revoke all on function destroy_payments(uuid[]) from public;
