-- Failed attempts are counted where every node sees them; sign-ins are recorded with an address that can be erased without
-- breaking the audit log's chain; a browser's session ends when it is idle.

-- The target is a keyed digest: a copied database does not tell which addresses were tried.
CREATE TABLE attempt_counter (
    door TEXT NOT NULL,
    target BYTEA NOT NULL,
    failures BIGINT NOT NULL,
    failed_at BIGINT NOT NULL,
    locked_until_at BIGINT NOT NULL,
    PRIMARY KEY (door, target)
);
CREATE INDEX attempt_counter_least ON attempt_counter (failures, failed_at);
CREATE INDEX attempt_counter_age ON attempt_counter (failed_at);
ALTER TABLE totp DROP COLUMN failures;
ALTER TABLE totp DROP COLUMN locked_until_at;

-- Beyond a few an hour, failed sign-ins of one subject are only counted.
CREATE TABLE sign_in_tally (
    subject TEXT NOT NULL,
    hour_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (subject, hour_at)
);

-- SHA-256(salt || personal fields) is in the chain; the fields and their salt are beside it, and are erased in time.
ALTER TABLE audit ADD COLUMN personal_digest BYTEA;
CREATE TABLE audit_personal (
    number BIGINT PRIMARY KEY REFERENCES audit (number),
    salt BYTEA NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    noted_at BIGINT NOT NULL
);
CREATE INDEX audit_personal_age ON audit_personal (noted_at);

ALTER TABLE web_session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
