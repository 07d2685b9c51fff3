-- Activations that were confirmed without a network: what was confirmed, by whom, and what became of it.

CREATE TABLE offline_installation (
    installation_id BYTEA PRIMARY KEY,
    activation_id BYTEA NOT NULL REFERENCES activation (id),
    grant_row BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    opened_at BIGINT
);
CREATE INDEX offline_installation_activation ON offline_installation (activation_id);
