-- What happened in a body, newest first: consoles are told of it as it happens.
create index event_of_body on event (body_id, id);
