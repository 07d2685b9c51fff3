-- A change on behalf of an account asks, in its own transaction, whether its session and its credentials are still the same;
-- what leaves an account needs a recent sign-in; tokens show when they were last used.

ALTER TABLE account ADD COLUMN credentials_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN disabled_at BIGINT;
ALTER TABLE authorization_code ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device_grant ADD COLUMN authenticated_at BIGINT;
ALTER TABLE device_grant ADD COLUMN max_age BIGINT;
ALTER TABLE app_session ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_token ADD COLUMN used_at BIGINT;
