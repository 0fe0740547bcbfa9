-- Why a law keeps a document beyond its time, in the words of who decided so: whoever decides later to let it go must know. It
-- speaks of somebody's case, so it is sealed as the document's name is, and goes with it.
alter table document add column held_reason bytea;

-- Pieces that belong to no document: not yet, while they are written, or not any more. Until now a piece that a crash, or a bucket
-- that was away, left behind was only known by nobody knowing it, which says nothing where no document is left: it might have
-- been another installation's. What stands here is ours, and is taken away once it has stood for an hour.
create table loose_piece (
  blob uuid primary key,
  office_id integer not null references office,
  at timestamptz not null
);
create index loose_piece_since on loose_piece (at);
call isolate('loose_piece');
