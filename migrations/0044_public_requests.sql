-- The figures of requests by month, for everybody. A month is published once (see 0015; docs/adr/0123).
create table open_request_month (
  office_id integer not null references office,
  month date not null,
  published_at timestamptz not null,
  primary key (office_id, month)
);
call isolate('open_request_month');

create table open_request_figure (
  office_id integer not null,
  month date not null,
  position integer not null,
  indicator text not null,
  kind text, -- null: of all
  type text, -- null: of all; its code in the town file
  area text, -- null: of all; the code of the district, '-' outside all of them
  value double precision, -- null: kept back, since it is about few people
  primary key (office_id, month, position),
  foreign key (office_id, month) references open_request_month
);
call isolate('open_request_figure');
create trigger open_request_month_stays before update or delete or truncate on open_request_month for each statement execute function refuse_change();
create trigger open_request_figure_stays before update or delete or truncate on open_request_figure for each statement execute function refuse_change();
