-- Requests of devices without a network that came as files, and what they were answered.

CREATE TABLE offline_file (
    request_id BYTEA PRIMARY KEY,
    activation_id BYTEA NOT NULL REFERENCES activation (id),
    answer TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at BIGINT NOT NULL
);
CREATE INDEX offline_file_activation ON offline_file (activation_id);
