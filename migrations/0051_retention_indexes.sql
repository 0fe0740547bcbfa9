-- expand: Retention finds encounters and notices that are due by indexes. The release before works with them.

-- Each run read all encounters that are kept and not due, and all notices of cases, requests and chats that were ever made: in a city for longer than a
-- statement may take. They are ordered by the beginning, which never changes, so that ending an encounter changes no index.
-- "if not exists": whoever has more than two million rows makes them before the upgrade, concurrently (docs/upgrading.md).
-- safe for 0.1.0: it only looks, and refuses.
do $$ begin
  if exists (select from pg_index i join pg_class c on c.oid = i.indexrelid
             where c.relname in ('encounter_to_forget', 'encounter_named', 'notice_to_forget') and not i.indisvalid) then
    raise exception 'An index of encounter or notice is INVALID, since making it was broken off. Remove it with “drop index” (docs/upgrading.md) and begin again.';
  end if;
end $$;
create index if not exists encounter_to_forget on encounter (office_id, started_at) where forgotten_at is null;
create index if not exists encounter_named on encounter (office_id, started_at) where name is not null;
create index if not exists notice_to_forget on notice (office_id, created_at)
  where recipient <> '' and (case_id is not null or request_id is not null or chat_id is not null);
