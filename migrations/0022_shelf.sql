-- A document says on which shelf it stands. Until now its kind did; but a result may be kept as long as evidence is, where it
-- carries a verification code or is the copy of a consent (docs/adr/0026).
alter table document add column shelf text;
update document set shelf = case kind when 'evidence' then 'evidence' else 'working' end;
alter table document
  alter column shelf set not null,
  add check (shelf in ('working', 'evidence')),
  -- Evidence is never kept for less; what a citizen hands over never for longer.
  add check (kind <> 'evidence' or shelf = 'evidence'),
  add check (kind <> 'inbox' or shelf = 'working');
