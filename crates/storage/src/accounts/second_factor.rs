//! Second factors: authenticator apps and recovery codes.

use keystead_domain::Millis;
use keystead_protocol::id::AccountId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::{Digest, Error, Tx};

/// An account's authenticator app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    /// The shared secret, sealed.
    pub secret: Vec<u8>,
    /// Start of the setup.
    pub started_at: Millis,
    /// When the person confirmed the setup; `None` during the setup.
    pub confirmed_at: Option<Millis>,
    /// The last 30-second step whose code was used.
    pub last_step: i64,
}

/// A sign-in with a correct password that still needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MfaChallenge {
    /// The account.
    pub account: AccountId,
    /// Number of wrong codes.
    pub attempts: u32,
}

impl Connection {
    /// An account's authenticator app.
    pub fn totp_of_account(&mut self, account: AccountId) -> Result<Option<Totp>, Error> {
        self.query_one(
            "SELECT secret, started_at, confirmed_at, last_step FROM totp WHERE account_id = $1",
            params![account.as_bytes()],
            |row| {
                Ok(Totp {
                    secret: row.get("secret")?,
                    started_at: row.get("started_at")?,
                    confirmed_at: row.get("confirmed_at")?,
                    last_step: row.get("last_step")?,
                })
            },
        )
    }

    /// Whether an account has an active authenticator app or a passkey.
    pub fn account_has_second_factor(&mut self, account: AccountId) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 AS one FROM account WHERE id = $1 AND (EXISTS (SELECT 1 FROM passkey WHERE account_id = $1) \
             OR EXISTS (SELECT 1 FROM totp WHERE account_id = $1 AND confirmed_at IS NOT NULL))",
            params![account.as_bytes()],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Number of unused recovery codes of an account.
    pub fn recovery_codes_left(&mut self, account: AccountId) -> Result<u32, Error> {
        let left = self.query_one(
            "SELECT COUNT(*) AS codes FROM recovery_code WHERE account_id = $1 AND used_at IS NULL",
            params![account.as_bytes()],
            |row| row.number("codes"),
        )?;
        Ok(left.unwrap_or(0))
    }

    /// The MFA challenge with this digest, if it has not expired at `now`.
    pub fn mfa_challenge_by_digest(
        &mut self,
        digest: &Digest,
        now: Millis,
    ) -> Result<Option<MfaChallenge>, Error> {
        self.query_one(
            "SELECT account_id, attempts FROM mfa_challenge WHERE digest = $1 AND expires_at > $2",
            params![digest, now],
            |row| Ok(MfaChallenge { account: row.id("account_id")?, attempts: row.number("attempts")? }),
        )
    }
}

impl Tx<'_> {
    /// Replaces an account's authenticator app.
    pub fn totp_set(&mut self, account: AccountId, totp: &Totp) -> Result<(), Error> {
        self.change(
            "INSERT INTO totp (account_id, secret, started_at, confirmed_at, last_step) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET secret = $2, started_at = $3, \
             confirmed_at = $4, last_step = $5",
            params![
                account.as_bytes(),
                &totp.secret[..],
                totp.started_at,
                totp.confirmed_at,
                totp.last_step,
            ],
        )
    }

    /// Consumes a time step of an authenticator app; `false` if this step or a later one was used before.
    pub fn totp_use_step(&mut self, account: AccountId, step: i64) -> Result<bool, Error> {
        let used = self.execute(
            "UPDATE totp SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
            params![account.as_bytes(), step],
        )?;
        Ok(used == 1)
    }

    /// Removes the authenticator app and the recovery codes of an account.
    pub fn account_remove_second_factor(&mut self, account: AccountId) -> Result<(), Error> {
        self.change("DELETE FROM totp WHERE account_id = $1", params![account.as_bytes()])?;
        self.change("DELETE FROM recovery_code WHERE account_id = $1", params![account.as_bytes()])?;
        self.account_bump_credentials(account)
    }

    /// Replaces all recovery codes of an account.
    pub fn recovery_codes_set(&mut self, account: AccountId, digests: &[Digest]) -> Result<(), Error> {
        self.change("DELETE FROM recovery_code WHERE account_id = $1", params![account.as_bytes()])?;
        for digest in digests {
            insert!(self.change, "recovery_code" { digest: digest, account_id: account.as_bytes() })?;
        }
        self.account_bump_credentials(account)
    }

    /// Consumes a recovery code; `false` if it is unknown or was used before.
    pub fn recovery_code_use(
        &mut self,
        account: AccountId,
        digest: &Digest,
        now: Millis,
    ) -> Result<bool, Error> {
        let used = update!(self.execute, "recovery_code" { digest: digest, account_id: account.as_bytes() } set {
            used_at: now,
        } "AND used_at IS NULL")?;
        Ok(used == 1)
    }

    /// Stores an MFA challenge.
    pub fn mfa_challenge_insert(
        &mut self,
        digest: &Digest,
        account: AccountId,
        expires_at: Millis,
    ) -> Result<(), Error> {
        insert!(self.change, "mfa_challenge" {
            digest: digest,
            account_id: account.as_bytes(),
            attempts: 0_i64,
            expires_at: expires_at,
        })
    }

    /// Counts a wrong code for an MFA challenge.
    pub fn mfa_challenge_count(&mut self, digest: &Digest) -> Result<(), Error> {
        self.change("UPDATE mfa_challenge SET attempts = attempts + 1 WHERE digest = $1", params![digest])
    }

    /// Deletes an MFA challenge; `false` if it was deleted before.
    pub fn mfa_challenge_delete(&mut self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.execute("DELETE FROM mfa_challenge WHERE digest = $1", params![digest])? == 1)
    }
}
