-- expand: the outboxes of citizens' notices and of webhooks are cleaned up after a hundredth of them has changed, where by default it is a fifth. Whoever
-- looks for what is due meets each row that was sent since (docs/adr/0145).

-- safe for 0.1.0: only the database's own upkeep
alter table notice set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
-- safe for 0.1.0: only the database's own upkeep
alter table webhook_delivery set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
