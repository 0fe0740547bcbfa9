-- Acts that an official carries out for a citizen who has no electronic means, and the consent to each: Ley 39/2015, art. 12.2
-- and RD 203/2021, art. 30 want it express, in writing and kept as evidence (docs/adr/0030).
create table act (
  id uuid primary key,
  office_id integer not null references office,
  appointment_id uuid not null references appointment,
  template text not null, -- which of the office's acts, by code
  case_id uuid, -- of the case whose form it hands in (docs/adr/0106), which may end before it
  language text not null,
  state text not null check (state in ('prepared', 'consented', 'declined', 'withdrawn', 'expired')),
  prepared_at timestamptz not null,
  prepared_by text not null, -- the official
  expires_at timestamptz not null, -- no consent after
  heard_at timestamptz, -- the official heard the citizen say it
  witnessed_at timestamptz, -- a second member of staff heard it too
  -- What the official noted of a signed paper that is kept at the office, sealed, until a second member of staff has seen it (docs/adr/0106).
  noted bytea,
  scan_id uuid unique, -- of the document that is the signed paper, which serves this act alone and is not undone
  settled_at timestamptz,
  method text, -- how it was consented to
  -- What the citizen reads, then the evidence: sealed under the appointment's key of evidence. Null where there was no consent, or
  -- its time is over.
  record bytea,
  copy_id uuid not null unique, -- of the document that is the citizen's copy; known beforehand, so that it is made once
  copied_at timestamptz, -- the copy is there
  destroyed_at timestamptz,
  check (state not in ('declined', 'withdrawn', 'expired') or record is null),
  check (state <> 'prepared' or record is not null),
  check (state = 'prepared' or noted is null),
  check (state <> 'consented' or (method is not null and (record is null) = (destroyed_at is not null)))
);
create index act_of_appointment on act (appointment_id, prepared_at);
create index act_prepared on act (office_id, expires_at) where state = 'prepared';
create index act_to_copy on act (settled_at) where state = 'consented' and copied_at is null;
create index act_that_stands on act (office_id, settled_at) where state = 'consented' and destroyed_at is null;
call isolate('act');
create trigger act_stays before update or delete on act for each row execute function keep_act();
create trigger act_not_emptied before truncate on act for each statement execute function refuse_change();
