-- What happened in an office, newest first: consoles are told of it as it happens.
create index event_of_office on event (office_id, id);
