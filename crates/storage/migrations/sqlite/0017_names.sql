-- Tables and columns get the names that the code and the field use: status, queued email, MFA challenge.
ALTER TABLE license RENAME COLUMN standing TO status;
ALTER TABLE license RENAME COLUMN standing_at TO status_at;
ALTER TABLE product_key RENAME COLUMN standing TO status;
ALTER TABLE product_key RENAME COLUMN standing_at TO status_at;
ALTER TABLE activation RENAME COLUMN standing TO status;
ALTER TABLE activation RENAME COLUMN standing_at TO status_at;
ALTER TABLE activation RENAME COLUMN lease_until_at TO serves_until_at;
ALTER TABLE device_grant RENAME COLUMN standing TO status;
ALTER TABLE device_grant RENAME COLUMN standing_at TO status_at;

DROP INDEX letter_next;
ALTER TABLE letter RENAME TO queued_email;
CREATE INDEX queued_email_next ON queued_email (next_at);

DROP INDEX half_sign_in_account;
DROP INDEX half_sign_in_expiry;
ALTER TABLE half_sign_in RENAME TO mfa_challenge;
CREATE INDEX mfa_challenge_account ON mfa_challenge (account_id);
CREATE INDEX mfa_challenge_expiry ON mfa_challenge (expires_at);

-- A device that its owner removes is a removal; a license that another account gets is a transfer.
UPDATE budget_use SET kind = 'removal' WHERE kind = 'transfer';
UPDATE budget_use SET kind = 'transfer' WHERE kind = 'handover';
