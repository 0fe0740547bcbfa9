-- Returns whether the check stopped a result for the citizen of an appointment, and the office has neither taken it back nor handed over
-- another one since. `stoppedIn` (src/features/service/documents/rules.ts) is the same rule.
create or replace function has_stopped_result(p_appointment uuid) returns boolean language sql stable as $$
  select exists (
    select from document d
    where d.appointment_id = p_appointment and d.kind = 'outbox' and d.destroyed_at is null
      and d.state in ('infected', 'refused', 'unscannable') and not exists (
        select from document n
        where n.appointment_id = p_appointment and n.kind = 'outbox' and n.destroyed_at is null and n.made_at > d.state_at
          and n.state not in ('infected', 'refused', 'unscannable')
      )
  )
$$;
