-- expand: Retention finds encounters and notices that are due by indexes. The release before works with them.

-- Each run read all encounters that are kept and not due, and all notices of cases, requests and chats that were ever made: in a city for longer than a
-- statement may take. They are ordered by the beginning, which never changes, so that ending an encounter changes no index.
-- "if not exists": whoever has tens of millions of rows makes them before the upgrade, concurrently (docs/upgrading.md).
create index if not exists encounter_to_forget on encounter (office_id, started_at) where forgotten_at is null;
create index if not exists encounter_named on encounter (office_id, started_at) where name is not null;
create index if not exists notice_to_forget on notice (office_id, created_at)
  where recipient <> '' and (case_id is not null or request_id is not null or chat_id is not null);
