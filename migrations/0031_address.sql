-- What somebody who sets themselves up has chosen stands on their invitation until the authenticator is confirmed too: an account
-- that they had opens until then.
alter table auth.invitation add column password_hash text; -- scrypt, as the library writes it
alter table auth.invitation add column secret text; -- of the authenticator, encrypted with the installation's secret

-- Those who were between the two steps choose a password again: their accounts, which are nobody's, go.
update auth.invitation set user_id = null where used_at is null;
delete from auth."user" where id not in (select user_id from staff where user_id is not null);

-- The addresses that somebody had before, so that a town file that still says one means them.
alter table staff add column former_emails text[] not null default '{}';
