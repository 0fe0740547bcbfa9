-- The rota as coordinators change it in the console.

-- Days 'YYYY-MM-DD' on which a shift doesn't start though the rest of it says so, as EXDATE in a calendar: what is changed for one
-- day leaves the weekly pattern whole.
alter table shift add column except_days text[] not null default '{}';
-- The event of a calendar file that it came from: the same file, brought again, replaces it.
alter table shift add column uid text;
alter table absence add column uid text;

-- Whose shifts and absences the console has changed: a town file that says something else about them is not obeyed.
alter table desk add column rota_here boolean not null default false;

-- Each change that was made, with what was decided for every appointment that lost its desk by it: which desk is to have it, that
-- other hours are offered, or that it is left. The change is in force at once; the appointments follow one by one, and until
-- settled_at a worker goes on with them.
create table rota_change (
  id integer generated always as identity primary key,
  office_id integer not null references office,
  made_at timestamptz not null,
  made_by integer not null references staff,
  kind text not null,
  resolutions jsonb not null, -- [{ id, desk, start, fate }]
  settled_at timestamptz
);
create index rota_change_open on rota_change (id) where settled_at is null;
call isolate('rota_change');
