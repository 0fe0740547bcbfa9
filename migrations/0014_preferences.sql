-- How somebody who works here likes the console: a row once they have chosen something. It goes with them when they retire.
create table staff_preference (
  staff_id integer primary key references staff,
  keys_off boolean not null default false,
  keys jsonb not null default '{}', -- their own, by action; '' for none
  day_view text not null default 'list' check (day_view in ('list', 'line'))
);
alter table staff_preference enable row level security;
alter table staff_preference force row level security;
create policy installation on staff_preference using (current_setting('app.office', true) = '*');

-- Asked by every page of the console, so it is one statement without a transaction.
create function preference_of(id integer) returns table (keys_off boolean, keys jsonb, day_view text) language plpgsql as $$
begin
  perform set_config('app.office', '*', true);
  return query select p.keys_off, p.keys, p.day_view from staff_preference p where p.staff_id = id;
end $$;

create function forget_preferences() returns trigger language plpgsql as $$
begin
  delete from public.staff_preference where staff_id = new.id;
  return null;
end $$;
create trigger retired_is_forgotten after update of retired_at on staff for each row
  when (new.retired_at is not null) execute function forget_preferences();
