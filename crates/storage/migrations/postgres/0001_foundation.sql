-- The foundation: catalog, keys, licenses, activations, accounts, sign-in, and the logs that are written with them.

CREATE TABLE tenant (
    id BYTEA PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint_salt BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- The last link of each hash chain; locked by every writer, so that numbers have no gaps.
CREATE TABLE chain_head (
    chain TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE product (
    id BYTEA PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    code BIGINT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE edition (
    id BYTEA PRIMARY KEY,
    product_id BYTEA NOT NULL REFERENCES product (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    features TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (product_id, slug)
);

CREATE TABLE policy (
    id BYTEA PRIMARY KEY,
    product_id BYTEA NOT NULL REFERENCES product (id),
    slug TEXT NOT NULL,
    number BIGINT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (product_id, slug)
);

CREATE TABLE key_batch (
    id BYTEA PRIMARY KEY,
    product_id BYTEA NOT NULL REFERENCES product (id),
    edition_id BYTEA NOT NULL REFERENCES edition (id),
    policy_id BYTEA NOT NULL REFERENCES policy (id),
    requested BIGINT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE account (
    id BYTEA PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE license (
    id BYTEA PRIMARY KEY,
    product_id BYTEA NOT NULL REFERENCES product (id),
    edition_id BYTEA NOT NULL REFERENCES edition (id),
    policy_id BYTEA NOT NULL REFERENCES policy (id),
    owner_id BYTEA REFERENCES account (id),
    owned_since_at BIGINT,
    standing TEXT NOT NULL,
    standing_at BIGINT,
    expires_at BIGINT,
    seats BIGINT NOT NULL,
    seats_used BIGINT NOT NULL,
    key_last_group TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    CHECK (seats_used >= 0 AND seats_used <= seats)
);
CREATE INDEX license_owner ON license (owner_id, id);

CREATE TABLE product_key (
    key_index BYTEA PRIMARY KEY,
    batch_id BYTEA NOT NULL REFERENCES key_batch (id),
    last_group TEXT NOT NULL,
    license_id BYTEA REFERENCES license (id),
    standing TEXT NOT NULL,
    standing_at BIGINT NOT NULL
);
CREATE INDEX product_key_license ON product_key (license_id);

CREATE TABLE device (
    id BYTEA PRIMARY KEY,
    public_key BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

CREATE TABLE activation (
    id BYTEA PRIMARY KEY,
    license_id BYTEA NOT NULL REFERENCES license (id),
    device_id BYTEA NOT NULL REFERENCES device (id),
    live BOOLEAN NOT NULL,
    standing TEXT NOT NULL,
    standing_at BIGINT,
    grace_until_at BIGINT,
    ratchet_current BYTEA NOT NULL,
    ratchet_sequence BIGINT NOT NULL,
    previous_r BYTEA,
    previous_x BYTEA,
    left_current BYTEA,
    left_r BYTEA,
    left_x BYTEA,
    baseline TEXT NOT NULL,
    drift_points BIGINT NOT NULL,
    drift_since_at BIGINT NOT NULL,
    app_version TEXT NOT NULL,
    activated_at BIGINT NOT NULL,
    refreshed_at BIGINT NOT NULL,
    lease_until_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX activation_live ON activation (license_id, device_id) WHERE live;
CREATE INDEX activation_device ON activation (device_id);

CREATE TABLE budget_use (
    id BYTEA PRIMARY KEY,
    license_id BYTEA NOT NULL REFERENCES license (id),
    kind TEXT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX budget_use_license ON budget_use (license_id, used_at);

CREATE TABLE consent (
    account_id BYTEA NOT NULL REFERENCES account (id),
    license_id BYTEA NOT NULL REFERENCES license (id),
    purpose TEXT NOT NULL,
    version BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, license_id, purpose, given_at)
);

CREATE TABLE web_session (
    digest BYTEA PRIMARY KEY,
    account_id BYTEA NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX web_session_expiry ON web_session (expires_at);

CREATE TABLE device_grant (
    id BYTEA PRIMARY KEY,
    device_code_digest BYTEA NOT NULL UNIQUE,
    user_code_digest BYTEA NOT NULL UNIQUE,
    client TEXT NOT NULL,
    device_name TEXT NOT NULL,
    standing TEXT NOT NULL,
    standing_at BIGINT,
    account_id BYTEA REFERENCES account (id),
    expires_at BIGINT NOT NULL,
    polled_at BIGINT
);
CREATE INDEX device_grant_expiry ON device_grant (expires_at);

-- A sign-in of an application; its tokens rotate below it.
CREATE TABLE app_session (
    id BYTEA PRIMARY KEY,
    account_id BYTEA NOT NULL REFERENCES account (id),
    client TEXT NOT NULL,
    device_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE TABLE app_token (
    digest BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL REFERENCES app_session (id),
    kind TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX app_token_expiry ON app_token (expires_at);

CREATE TABLE api_token (
    id BYTEA PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

-- Answers to state changes, kept so that a repeated request gets the same bytes; nonces are used once.
CREATE TABLE idempotency (
    request_key BYTEA PRIMARY KEY,
    nonce TEXT UNIQUE,
    request_hash BYTEA NOT NULL,
    status BIGINT NOT NULL,
    response BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE issue_log (
    number BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL,
    token_id BYTEA NOT NULL,
    token_hash BYTEA NOT NULL,
    activation_id BYTEA NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    issued_at BIGINT NOT NULL
);

CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, number);

CREATE TABLE outbox (
    id BYTEA PRIMARY KEY,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT
);

INSERT INTO chain_head (chain, number, hash) VALUES ('audit', 0, '\x00'), ('issue', 0, '\x00');
