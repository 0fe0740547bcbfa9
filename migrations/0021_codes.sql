-- One-time codes: what shows that whoever has an appointment's link is the person too that it was made for (docs/adr/0027).
-- The code itself is in no table: it is made from the id and the installation's key.
create table one_time_code (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  purpose text not null, -- what it opens
  made_at timestamptz not null,
  expires_at timestamptz not null,
  tries smallint not null default 0,
  ended_at timestamptz -- used, or tried too often, or there is a newer one
);
create index one_time_code_of on one_time_code (appointment_id, purpose, made_at);
call isolate('one_time_code');

-- Browsers in which a code was typed. The secret that each keeps is stored as its hash.
create table proved_browser (
  hash bytea primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  at timestamptz not null
);
create index proved_browser_of on proved_browser (appointment_id);
call isolate('proved_browser');
