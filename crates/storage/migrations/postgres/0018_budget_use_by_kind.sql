-- Uses of budgets are counted by license and kind, and deleted by kind once no window contains them.
DROP INDEX budget_use_license;
CREATE INDEX budget_use_license ON budget_use (license_id, kind, used_at);
CREATE INDEX budget_use_kind ON budget_use (kind, used_at);
