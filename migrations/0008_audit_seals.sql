-- The audit trail is sealed: each seal covers an office's rows up to one, and the seal before. Whoever changes, adds or takes away
-- a row under a seal can't make the seal anew, since its key (the installation's) is not in the database.
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
create index audit_of_office on audit (office_id, id);

-- Append-only means that nobody empties it at once either.
create trigger audit_not_emptied before truncate on audit for each statement execute function refuse_change();
create trigger audit_seal_not_emptied before truncate on audit_seal for each statement execute function refuse_change();
create trigger event_not_emptied before truncate on event for each statement execute function refuse_change();
create index audit_of_day on audit (office_id, at);
