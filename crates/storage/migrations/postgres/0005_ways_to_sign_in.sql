-- Passkeys, accounts elsewhere, and one table for everything that may be shown only once.

ALTER TABLE dpop_proof RENAME TO spent;
DROP INDEX dpop_proof_expiry;
CREATE INDEX spent_expiry ON spent (expires_at);

-- The credential is JSON: its id, its public key and its counter. Nothing in it is secret.
CREATE TABLE passkey (
    id BYTEA PRIMARY KEY,
    credential_id BYTEA NOT NULL UNIQUE,
    account_id BYTEA NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX passkey_account ON passkey (account_id, id);

-- An account elsewhere that signs in here, known by its issuer and its subject there; its address may change.
CREATE TABLE upstream_identity (
    id BYTEA PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id BYTEA NOT NULL REFERENCES account (id),
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (issuer, subject)
);
CREATE INDEX upstream_identity_account ON upstream_identity (account_id, id);
