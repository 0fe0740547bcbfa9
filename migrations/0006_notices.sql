-- Messages to citizens.

-- The outbox: a message that is owed to a person, written in the transaction of what it tells. It keeps the facts of that
-- moment and neither its words nor its links: those are made when it is sent, so a stolen database opens no appointment.
create table notice (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid references appointment,
  wait_list_id uuid references wait_list, -- a person who has no appointment yet
  case_id uuid, -- a case: see 0020
  request_id uuid, -- a request: see 0041
  kind text not null, -- confirmation, change, cancellation, noshow, survey …
  channel text not null check (channel in ('email', 'sms')),
  recipient text not null,
  language text not null,
  facts jsonb not null,
  created_at timestamptz not null,
  not_before timestamptz not null,
  expires_at timestamptz, -- then it is dropped rather than sent late
  -- When it was let through to its recipient, within what one person is sent in a day. Sent notices and those on their way count.
  admitted_at timestamptz,
  attempts integer not null default 0,
  next_try_at timestamptz not null,
  last_error text,
  sent_at timestamptz,
  dropped_at timestamptz,
  failed_at timestamptz,
  bounced_at timestamptz, -- the first server took it, and another one sent it back
  chat_id uuid, -- a conversation in writing: see 0042
  check (num_nonnulls(appointment_id, wait_list_id, case_id, request_id, chat_id) > 0)
);
create index notice_due on notice (next_try_at) where sent_at is null and dropped_at is null and failed_at is null;
create index notice_of_appointment on notice (appointment_id);
create index notice_of_wait_list on notice (wait_list_id) where wait_list_id is not null;
create index notice_of_recipient on notice (office_id, recipient, sent_at) where admitted_at is not null;
call isolate('notice');

-- What a person no longer wants to be sent: reminders, surveys. The address is a keyed hash, so that the list names nobody.
create table muted (
  office_id integer not null references office,
  recipient_hash bytea not null,
  kind text not null,
  at timestamptz not null,
  primary key (office_id, recipient_hash, kind)
);
call isolate('muted');
