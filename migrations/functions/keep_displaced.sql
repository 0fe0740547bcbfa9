-- Trigger: an appointment that has a time again is not displaced any more, whichever way it got the time.
create or replace function keep_displaced() returns trigger language plpgsql as $$
begin
  new.displaced_at := null;
  return new;
end $$;
