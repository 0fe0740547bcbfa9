-- Returns the offices that are open, in the town's order. Every request asks this, so it is one statement without a
-- transaction of its own.
create or replace function open_offices() returns table (id integer, code text, revision integer) language plpgsql as $$
begin
  perform set_config('app.office', '*', true);
  return query select b.id, b.code, b.revision from office b where b.retired_at is null order by b.position;
end $$;
