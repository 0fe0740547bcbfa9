-- A result may carry a secure verification code: whoever has it, on paper too, can see the original and that it is the office's
-- (Ley 40/2015, art. 42.b; RD 203/2021, art. 21; docs/adr/0029).
alter table document
  add column code_hash bytea, -- of the code, by which it is found; stays, so that it is told what became of the document
  add column code bytea, -- sealed as the name is, to be shown again; null: destroyed
  add column withdrawn_at timestamptz, -- who may took it back: it isn't valid, which is more than not kept
  -- What proves something is kept as evidence is.
  add check (code_hash is null or (kind = 'outbox' and shelf = 'evidence')),
  add check (code is null or code_hash is not null);
create unique index document_by_code on document (code_hash) where code_hash is not null;
