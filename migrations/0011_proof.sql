-- Proof that the holder of an appointment's link is the citizen (docs/adr/0027, 0040).

-- One-time codes. The code itself is in no table: it is made from the id and the installation's key.
create table one_time_code (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  purpose text not null, -- what it opens
  made_at timestamptz not null,
  expires_at timestamptz not null,
  tries smallint not null default 0,
  ended_at timestamptz, -- used, or tried too often, or there is a newer one
  -- Where it was sent, as that was then: a later change says nothing about it.
  channel text not null,
  masked text not null, -- the last digits of a number, or a mail address with its name hidden
  set_by text not null -- who had set the address
);
create index one_time_code_of on one_time_code (appointment_id, purpose, made_at);
call isolate('one_time_code');

-- Browsers in which a code was typed. The secret that each keeps is stored as its hash.
create table proved_browser (
  hash bytea primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  at timestamptz not null,
  -- As in one_time_code.
  channel text not null,
  masked text not null,
  set_by text not null
);
create index proved_browser_of on proved_browser (appointment_id);
call isolate('proved_browser');

-- What happened to an appointment's addresses and link, oldest first: it says where codes may go. Of an address only a hash is
-- kept, bound to the appointment: all that is asked is whether the address was there before.
create table proof_step (
  id bigint generated always as identity primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  at timestamptz not null,
  actor text not null, -- as in the audit trail
  kind text not null check (kind in ('set', 'confirmed', 'vouched', 'disputed', 'link_given')),
  address text check (address in ('email', 'phone')), -- null for a link
  hash bytea, -- of the address; null: it was taken away
  before bytea, -- what it was before
  proved boolean not null default false, -- a citizen in a browser that was proved
  link smallint, -- which link was given, or is valid after an address was set
  told uuid[] not null default '{}' -- the notices that told the addresses before
);
create index proof_step_of on proof_step (appointment_id, id);
call isolate('proof_step');
