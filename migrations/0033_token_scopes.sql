-- What a token may do, until when, and from which networks. A token that opens everything for ever is more than any system
-- needs, and whoever finds it may use it as long.
alter table token add column scopes text[] not null default '{}';
alter table token add column expires_at timestamptz;
alter table token add column networks text[] not null default '{}'; -- CIDR; empty: from any address

-- Tokens of before keep what they could do, except changing how a citizen is reached: with that, a token could receive the
-- codes that open the citizen's documents. They end in a year.
update token set
  scopes = '{catalogue:read,slots:read,appointments:read,appointments:write}',
  expires_at = now() + interval '1 year';

alter table token alter column scopes drop default;
alter table token alter column expires_at set not null;
