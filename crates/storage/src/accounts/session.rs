//! Ends and prunes sessions of browsers and applications.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, SessionId};

use crate::connection::param::params;
use crate::connection::statement::update;
use crate::{Error, Tx};

impl Tx<'_> {
    /// Ends a browser or application session of the account; `false` if the account has no such session.
    pub fn session_end(&mut self, account: AccountId, id: SessionId, now: Millis) -> Result<bool, Error> {
        let browser = self.execute(
            "DELETE FROM web_session WHERE id = $1 AND account_id = $2",
            params![id.as_bytes(), account.as_bytes()],
        )?;
        let application = update!(self.execute, "app_session" { id: id.as_bytes(), account_id: account.as_bytes() } set {
            ended_at: now,
        } "AND ended_at IS NULL")?;
        Ok(browser + application == 1)
    }

    /// Ends all sessions of an account except the browser session `but`. Also deletes the account's MFA
    /// challenges, device grants, unused authorization codes and unconfirmed authenticator app.
    pub fn sessions_end(
        &mut self,
        account: AccountId,
        but: Option<SessionId>,
        now: Millis,
    ) -> Result<(), Error> {
        let but = but.unwrap_or(SessionId::from_bytes([0; 16]));
        self.change(
            "DELETE FROM web_session WHERE account_id = $1 AND id <> $2",
            params![account.as_bytes(), but.as_bytes()],
        )?;
        self.change(
            "UPDATE app_session SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL",
            params![account.as_bytes(), now],
        )?;
        const HALF_OPEN: [&str; 4] = [
            "DELETE FROM mfa_challenge WHERE account_id = $1",
            "DELETE FROM device_grant WHERE account_id = $1",
            "DELETE FROM authorization_code WHERE account_id = $1 AND session_id IS NULL",
            "DELETE FROM totp WHERE account_id = $1 AND confirmed_at IS NULL",
        ];
        HALF_OPEN.into_iter().try_for_each(|sql| self.change(sql, params![account.as_bytes()]))
    }

    /// Deletes browser sessions, application tokens, device grants, email links and MFA challenges that have
    /// expired at `now`.
    pub fn sessions_prune(&mut self, now: Millis) -> Result<u64, Error> {
        let sessions = self.execute("DELETE FROM web_session WHERE expires_at <= $1", params![now])?;
        let tokens = self.execute("DELETE FROM app_token WHERE expires_at <= $1", params![now])?;
        let grants = self.execute("DELETE FROM device_grant WHERE expires_at <= $1", params![now])?;
        let links = self.execute("DELETE FROM email_link WHERE expires_at <= $1", params![now])?;
        let halves = self.execute("DELETE FROM mfa_challenge WHERE expires_at <= $1", params![now])?;
        Ok(sessions + tokens + grants + links + halves)
    }
}
