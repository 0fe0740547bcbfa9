-- Trigger: notes when a member of staff last signed in.
create or replace function note_signed_in() returns trigger language plpgsql as $$
begin
  update public.staff set signed_in_at = new."createdAt" where user_id = new."userId";
  return null;
end $$;
