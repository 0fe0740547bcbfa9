-- Returns whether the person for whom the transaction acts (set local app.person) represents somebody in a case, by an authorisation that is
-- valid.
create or replace function represents_in_case(p_id uuid) returns boolean language plpgsql stable parallel safe as $$
begin
  return exists (select from public.case_representation c join public.representation r on r.id = c.representation_id
    where c.case_id = p_id and r.representative_id = nullif(current_setting('app.person', true), '')::uuid and r.state = 'accepted');
end $$;
