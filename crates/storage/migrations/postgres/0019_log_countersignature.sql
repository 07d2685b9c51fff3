-- Checkpoints that the root key countersigned. A writer of the database who holds the log's key can rebuild a log
-- with its checkpoints, but not these.
CREATE TABLE log_countersignature (
    log TEXT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (log, size)
);
