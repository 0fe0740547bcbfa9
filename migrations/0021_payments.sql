-- Fees that are paid for cases (docs/adr/0094).

-- One attempt to pay. It names its case without a reference: a draft can be deleted, and what was paid for it is given back all the same.
create table payment (
  id uuid primary key,
  number bigint generated always as identity, -- in the order in which they were begun
  office_id integer not null references office,
  case_id uuid not null,
  reference text not null, -- of the case
  procedure_id integer not null references procedure,
  order_number text not null unique, -- at the bank
  cents integer not null check (cents > 0),
  version integer not null, -- of the answers that are handed in with it
  identification_id uuid references identification on delete set null, -- of whoever pays, kept while the payment may come
  prepared bytea, -- sealed under the case's key: what is handed in when it is paid; null: it was, or never will be
  state text not null default 'begun' check (state in ('begun', 'paid', 'failed', 'refunded')),
  code text, -- the answer of the bank
  authorization_code text,
  begun_at timestamptz not null,
  begun_by text not null,
  decided_at timestamptz, -- when that answer came
  settled_at timestamptz, -- paid: nothing is left to do, its case is handed in or it is to be given back
  refund text check (refund in ('double', 'changed', 'gone', 'ended', 'office')), -- why it is to be given back; null: it is not
  refund_note text, -- the reason in the words of whoever gave it back
  refund_by integer references staff,
  refunded_at timestamptz,
  look_at timestamptz, -- when the bank is asked next; null: never again
  check (state <> 'begun' or decided_at is null),
  check ((state = 'refunded') = (refunded_at is not null)),
  check (state in ('paid', 'refunded') or refund is null)
);
create index payment_by_identification on payment (identification_id) where identification_id is not null;
create index payment_of_case on payment (case_id, number);
create index payment_of_office on payment (office_id, decided_at) where decided_at is not null;
create index payment_to_refund on payment (office_id) where refund is not null and state = 'paid';
create index payment_to_look_at on payment (look_at) where look_at is not null;
create index payment_to_settle on payment (decided_at) where state = 'paid' and settled_at is null;
call isolate('payment');

-- What the bank sent, by itself or with the browser, as it came.
create table payment_notification (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  payment_id uuid not null references payment on delete cascade,
  at timestamptz not null,
  verdict text not null, -- read, or why it does not count: unsigned, foreign, amount
  version text not null,
  parameters text not null,
  signature text not null
);
create index payment_notification_of on payment_notification (payment_id, id);
call isolate('payment_notification');
create trigger payment_notification_stays before update on payment_notification for each row execute function refuse_change();

-- A payment ends when no law keeps it any more (destroy_payments), and what the bank sent of it with it alone.
create trigger payment_notification_kept before delete on payment_notification for each row execute function refuse_end_without_payment();
create trigger payment_kept before delete on payment for each row execute function refuse_end_of_owed();
create trigger payment_notification_not_emptied before truncate on payment_notification for each statement execute function refuse_change();
create index payment_to_end on payment (office_id, begun_at) where look_at is null;
