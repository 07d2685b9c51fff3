-- Accounts done properly: letters on their way, one-time links, second factors, sessions that can be seen and ended.

ALTER TABLE account ADD COLUMN language TEXT;

-- The body is sealed: it holds one-time links.
CREATE TABLE letter (
    id BLOB PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);
CREATE INDEX letter_next ON letter (next_at);

CREATE TABLE email_link (
    digest BLOB PRIMARY KEY,
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    account_id BLOB REFERENCES account (id),
    license_id BLOB REFERENCES license (id),
    name TEXT,
    password_hash TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX email_link_account ON email_link (account_id);
CREATE INDEX email_link_expiry ON email_link (expires_at);

-- Browsers sign in once more: the sessions of before say neither where nor by what.
DROP TABLE web_session;
CREATE TABLE web_session (
    digest BLOB PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    browser TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX web_session_expiry ON web_session (expires_at);
CREATE INDEX web_session_account ON web_session (account_id, id);
CREATE INDEX app_session_account ON app_session (account_id, id);

-- The secret is sealed; a step is used once (RFC 6238, section 5.2).
CREATE TABLE totp (
    account_id BLOB PRIMARY KEY REFERENCES account (id),
    secret BLOB NOT NULL,
    started_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until_at BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    digest BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    used_at BIGINT
);
CREATE INDEX recovery_code_account ON recovery_code (account_id);

-- A sign-in whose password fitted and that waits for its second factor.
CREATE TABLE half_sign_in (
    digest BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    attempts BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX half_sign_in_account ON half_sign_in (account_id);
CREATE INDEX half_sign_in_expiry ON half_sign_in (expires_at);

-- Deleting an account looks for what refers to it.
CREATE INDEX app_token_session ON app_token (session_id);
CREATE INDEX device_grant_account ON device_grant (account_id);
