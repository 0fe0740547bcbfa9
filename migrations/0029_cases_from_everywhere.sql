-- Cases and other systems (docs/adr/0102): those that begin them, by the API, and those that are told of them.

-- By what another system knows a case that it began, so that the same request makes it once.
create table case_external (
  case_id uuid primary key references case_file on delete cascade,
  office_id integer not null references office,
  external_id text, -- the other system's own id
  idempotency_key text, -- with the token that it belongs to
  request text not null, -- derived from what was asked for with the key of links: it can't be guessed from the row
  unique (office_id, external_id),
  unique (office_id, idempotency_key)
);
call isolate('case_external');

-- Webhooks are told of cases, too. A message ends with its case.
alter table webhook_delivery
  add case_event_id bigint references case_event on delete cascade,
  add check (event_id is null or case_event_id is null);
create index webhook_delivery_of_case_event on webhook_delivery (case_event_id) where case_event_id is not null;
create trigger case_event_owes_webhooks after insert on case_event for each row
  when (new.kind in ('handed_in', 'moved', 'undone', 'amended', 'decided')) execute function owe_webhooks_of_case();
create index case_event_of_office on case_event (office_id, id);
