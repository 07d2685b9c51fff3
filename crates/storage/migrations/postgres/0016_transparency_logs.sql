-- The logs become Merkle trees: entries are keyed by their ids and get their index after the commit, so that no writer
-- waits for another. Rows from before have no leaf hash; the sequencer computes it.

CREATE TABLE issue_entry (
    token_id BYTEA PRIMARY KEY,
    covers TEXT NOT NULL,
    hash BYTEA NOT NULL,
    activation_id BYTEA NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    leaf BYTEA,
    log_index BIGINT
);
INSERT INTO issue_entry (token_id, covers, hash, activation_id, actor, reason, issued_at)
    SELECT token_id, 'token', token_hash, activation_id, actor, reason, issued_at FROM issue_log;
DROP TABLE issue_log;
ALTER TABLE issue_entry RENAME TO issue_log;
CREATE UNIQUE INDEX issue_log_index ON issue_log (log_index);
CREATE INDEX issue_log_waiting ON issue_log (token_id) WHERE log_index IS NULL;

-- The id of an event from before is a UUIDv7 of its time and its number.
CREATE TABLE audit_entry (
    id BYTEA PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    personal_hash BYTEA,
    leaf BYTEA,
    log_index BIGINT
);
INSERT INTO audit_entry (id, at, actor, action, subject, detail, personal_hash)
    SELECT decode(lpad(to_hex(at), 12, '0') || '70008' || lpad(to_hex(number), 15, '0'), 'hex'),
        at, actor, action, subject, detail, personal_digest FROM audit;
CREATE TABLE audit_entry_personal (
    event_id BYTEA PRIMARY KEY REFERENCES audit_entry (id),
    salt BYTEA NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    noted_at BIGINT NOT NULL
);
INSERT INTO audit_entry_personal (event_id, salt, address, browser, noted_at)
    SELECT decode(lpad(to_hex(a.at), 12, '0') || '70008' || lpad(to_hex(a.number), 15, '0'), 'hex'),
        p.salt, p.address, p.browser, p.noted_at FROM audit_personal p JOIN audit a ON a.number = p.number;
DROP TABLE audit_personal;
DROP TABLE audit;
ALTER TABLE audit_entry RENAME TO audit;
ALTER TABLE audit_entry_personal RENAME TO audit_personal;
CREATE UNIQUE INDEX audit_index ON audit (log_index);
CREATE INDEX audit_waiting ON audit (id) WHERE log_index IS NULL;
CREATE INDEX audit_subject ON audit (subject, id);
CREATE INDEX audit_personal_age ON audit_personal (noted_at);
DROP TABLE chain_head;

-- 256 hashes of one level of a log's tree, the last ones of a level fewer: C2SP tlog-tiles.
CREATE TABLE log_tile (
    log TEXT NOT NULL,
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (log, level, number)
);

-- The last checkpoint of every hour.
CREATE TABLE log_checkpoint (
    log TEXT NOT NULL,
    hour_at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, hour_at)
);
CREATE INDEX log_checkpoint_size ON log_checkpoint (log, size);

-- Messages are written for each consumer, of which there were none. What waited for nobody goes.
DROP TABLE outbox;
CREATE TABLE outbox (
    id BYTEA NOT NULL,
    consumer TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (id, consumer)
);
CREATE INDEX outbox_due ON outbox (next_at);
