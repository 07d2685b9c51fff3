-- The database knows its root and recognizes its secrets, so that no node runs on it with the keys of another.

CREATE TABLE root_key (
    position BIGINT PRIMARY KEY,
    public_key BYTEA NOT NULL UNIQUE,
    pinned_at BIGINT NOT NULL
);

-- One-way values: they tell whether a secret is the right one and nothing else of it.
CREATE TABLE secret_check (
    kind TEXT NOT NULL,
    generation BIGINT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (kind, generation)
);

-- What the root signed; the row with the highest number counts.
CREATE TABLE keyset (
    sequence BIGINT PRIMARY KEY,
    content TEXT NOT NULL,
    installed_at BIGINT NOT NULL
);
