-- Declares row-level security for a table that has a person_id: transactions that act for a person see the person's rows and write none;
-- only those that act for the installation write (docs/adr/0081).
create or replace procedure isolate_person(name text, id text default 'person_id') language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy own_person on %I for select using (sees_person(%I))', name, id);
  execute format('create policy installation on %I using (current_setting(''app.office'', true) = ''*'') with check (current_setting(''app.office'', true) = ''*'')', name);
end $$;
