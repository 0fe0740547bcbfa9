-- Declares row-level security for a table that has an office_id: its rows are seen and written only by transactions that act
-- for their office. "force" binds the owner of the table too, since the service may connect as the owner.
create or replace procedure isolate(name text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy own_office on %I using (sees_office(office_id)) with check (sees_office(office_id))', name);
end $$;
