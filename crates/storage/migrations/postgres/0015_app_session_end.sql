-- Sign-ins of applications are deleted some time after their end, and are found by it.
CREATE INDEX app_session_expiry ON app_session (expires_at);
CREATE INDEX app_session_end ON app_session (ended_at) WHERE ended_at IS NOT NULL;
