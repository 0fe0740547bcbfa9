-- Returns whether this transaction is the one that looks after the office's wait list. Other workers go on with something else.
create or replace function may_offer(p_office integer) returns boolean language sql
  as $$ select pg_try_advisory_xact_lock(hashtext('finestreta.wait_list'), p_office) $$;
