-- expand: A search reads each desk's days as text that was made when they changed. The release before goes on reading busy.

-- The text of busy, kept by the trigger: joining texts costs a third of joining ranges and writing them out. Null: not changed since.
alter table desk_day add column spans text;
