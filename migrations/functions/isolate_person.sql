-- Declares row-level security for a table that has a person_id: its rows are seen and written only by transactions that act for their
-- person, or for the installation (docs/adr/0081).
create or replace procedure isolate_person(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy own_person on %I using (sees_person(person_id)) with check (sees_person(person_id))', name);
end $$;
