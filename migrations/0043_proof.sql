-- Proof of being the citizen (docs/adr/0040): which addresses one-time codes may go to, who set them, who was given the link.

-- How often the link was replaced. The secret is derived from the id and this number, so the one before opens nothing.
alter table appointment add column link smallint not null default 0;

-- What happened to an appointment's addresses and link, oldest first. Of an address only a hash is kept, bound to the
-- appointment: all that is asked is whether it stood there before.
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
  link smallint, -- which link was given
  told uuid[] not null default '{}' -- the notices that told the addresses before
);
create index proof_step_of on proof_step (appointment_id, id);
call isolate('proof_step');

-- Where a code was sent, as it stood then: a later change says nothing about it.
alter table one_time_code
  add column channel text,
  add column masked text, -- the last digits of a number, or a mail address with its name hidden
  add column set_by text; -- who had set the address
alter table proved_browser
  add column channel text,
  add column masked text,
  add column set_by text;
-- Codes are open for ten minutes and browsers of before can't say by which address they were proved: both are asked anew.
update one_time_code set ended_at = now() where ended_at is null;
delete from proved_browser;
alter table one_time_code
  alter column channel set default 'email', alter column masked set default '', alter column set_by set default 'citizen';
update one_time_code set channel = 'email', masked = '', set_by = 'citizen' where channel is null;
alter table one_time_code
  alter column channel set not null, alter column masked set not null, alter column set_by set not null;
alter table one_time_code
  alter column channel drop default, alter column masked drop default, alter column set_by drop default;
alter table proved_browser
  alter column channel set not null, alter column masked set not null, alter column set_by set not null;

-- A second member of staff heard the citizen consent.
alter table act add column witnessed_at timestamptz;
