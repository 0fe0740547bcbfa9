-- Every look at, and change of, a citizen's data by a member of staff or a token.
create table audit (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid references appointment,
  actor text not null,
  action text not null,
  at timestamptz not null,
  data jsonb not null default '{}'
);
create index audit_of_appointment on audit (appointment_id, id);
create index audit_of_office on audit (office_id, id);
create index audit_of_day on audit (office_id, at);
-- The acts of an office: `audit check` compares them with the trail.
create index audit_of_acts on audit (office_id, id) where action in ('act_consented', 'act_destroyed');
call isolate('audit');
create trigger audit_stays before update or delete on audit for each row execute function refuse_change();
create trigger audit_not_emptied before truncate on audit for each statement execute function refuse_change();

-- The trail is sealed: each seal covers an office's rows up to one of them, and the seal before. A person who changes, adds or
-- removes a row under a seal can't make the seal anew, since its key is not in the database (docs/adr/0016).
create table audit_seal (
  office_id integer not null references office,
  number integer not null, -- 1, 2, 3 …
  last_id bigint not null, -- of the last row that it covers
  row_count integer not null, -- of the rows that it covers and the seal before doesn't
  at timestamptz not null,
  seal bytea not null, -- HMAC-SHA-256
  primary key (office_id, number)
);
call isolate('audit_seal');
create trigger audit_seal_stays before update or delete on audit_seal for each row execute function refuse_change();
create trigger audit_seal_not_emptied before truncate on audit_seal for each statement execute function refuse_change();
