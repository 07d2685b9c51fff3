-- Signing applications in by the browser (RFC 6749 with PKCE), and binding their tokens to a key (RFC 9449).

ALTER TABLE app_session ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE device_grant ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE app_session ADD COLUMN key_thumbprint BLOB;

-- A code is kept after its use: shown again, it ends the session that it opened.
CREATE TABLE authorization_code (
    digest BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    client TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge BLOB NOT NULL,
    nonce TEXT,
    scope TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    session_id BLOB
);
CREATE INDEX authorization_code_account ON authorization_code (account_id);
CREATE INDEX authorization_code_expiry ON authorization_code (expires_at);

-- Proofs of possession that were shown; each serves once (RFC 9449, section 11.1).
CREATE TABLE dpop_proof (
    digest BLOB PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX dpop_proof_expiry ON dpop_proof (expires_at);
