-- The last group of operations that each writer committed: tells whether a commit whose answer was lost was kept.
CREATE TABLE writer (
    id TEXT NOT NULL PRIMARY KEY,
    last_group BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
);
