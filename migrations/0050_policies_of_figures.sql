-- expand: Policies of figures look up the visible offices once for each statement, and co-signers get an index. Nobody sees more or less, so the release before works with it.

-- A page over years reads tens of thousands of these rows, and sees_office takes more than the rest of their scan.
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_office on figure_day using (office_id = any (array(select o.id from office o where sees_office(o.id))));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_office on figure_month using (office_id = any (array(select o.id from office o where sees_office(o.id))));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_office on figure_item using (office_id = any (array(select o.id from office o where sees_office(o.id))));
-- safe for 0.1.0: it lets nobody see more or less
alter policy own_office on figure_item_month using (office_id = any (array(select o.id from office o where sees_office(o.id))));

-- An identification that is deleted looks for the co-signers who relied on it.
create index case_cosigner_of_identification on case_cosigner (identification_id) where identification_id is not null;
