use keystead_domain::Millis;
use keystead_domain::policy::{AccountRule, Allowance, PolicyRules, SalesChannel, Term};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The rules of a policy.
#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StoredRules {
    channel: String,
    seats: u32,
    term: StoredTerm,
    lease_days: u32,
    refresh_days: u32,
    grace_days: u32,
    hardware_grace_days: u32,
    rebinds: u32,
    rebind_window_days: u32,
    reinstalls: u32,
    reinstall_window_days: u32,
    keys_per_seat: u32,
    forks: u32,
    fork_window_days: u32,
    floating_hours: u32,
    account: String,
}

/// The term of a policy. A row with an unknown term is unreadable.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredTerm {
    Perpetual,
    Days(u32),
    Until(Millis),
}

impl Default for StoredRules {
    fn default() -> Self {
        Self::from(PolicyRules::default())
    }
}

impl From<PolicyRules> for StoredRules {
    fn from(rules: PolicyRules) -> Self {
        let PolicyRules {
            channel,
            account,
            term,
            seats,
            lease_days,
            refresh_days,
            grace_days,
            hardware_grace_days,
            rebinds,
            reinstalls,
            keys_per_seat,
            forks,
            floating_hours,
        } = rules;
        Self {
            channel: channel_name(channel).to_owned(),
            seats,
            term: term.into(),
            lease_days,
            refresh_days,
            grace_days,
            hardware_grace_days,
            rebinds: rebinds.uses,
            rebind_window_days: rebinds.window_days,
            reinstalls: reinstalls.uses,
            reinstall_window_days: reinstalls.window_days,
            keys_per_seat,
            forks: forks.uses,
            fork_window_days: forks.window_days,
            floating_hours,
            account: account_name(account).to_owned(),
        }
    }
}

impl TryFrom<StoredRules> for PolicyRules {
    type Error = Error;

    fn try_from(stored: StoredRules) -> Result<Self, Error> {
        Ok(Self {
            channel: channel(&stored.channel),
            account: account(&stored.account)?,
            term: stored.term.into(),
            seats: stored.seats,
            lease_days: stored.lease_days,
            refresh_days: stored.refresh_days,
            grace_days: stored.grace_days,
            hardware_grace_days: stored.hardware_grace_days,
            rebinds: Allowance { uses: stored.rebinds, window_days: stored.rebind_window_days },
            reinstalls: Allowance { uses: stored.reinstalls, window_days: stored.reinstall_window_days },
            keys_per_seat: stored.keys_per_seat,
            forks: Allowance { uses: stored.forks, window_days: stored.fork_window_days },
            floating_hours: stored.floating_hours,
        })
    }
}

impl From<Term> for StoredTerm {
    fn from(term: Term) -> Self {
        match term {
            Term::Perpetual => StoredTerm::Perpetual,
            Term::Days(days) => StoredTerm::Days(days),
            Term::Until(at) => StoredTerm::Until(at),
        }
    }
}

impl From<StoredTerm> for Term {
    fn from(stored: StoredTerm) -> Self {
        match stored {
            StoredTerm::Perpetual => Term::Perpetual,
            StoredTerm::Days(days) => Term::Days(days),
            StoredTerm::Until(at) => Term::Until(at),
        }
    }
}

const fn channel_name(channel: SalesChannel) -> &'static str {
    match channel {
        SalesChannel::Retail => "retail",
        SalesChannel::Oem => "oem",
        SalesChannel::Volume => "volume",
        SalesChannel::Trial => "trial",
        SalesChannel::Subscription => "subscription",
    }
}

/// Reads a channel. An unknown channel is read as retail, because no rule depends on the channel.
fn channel(name: &str) -> SalesChannel {
    match name {
        "oem" => SalesChannel::Oem,
        "volume" => SalesChannel::Volume,
        "trial" => SalesChannel::Trial,
        "subscription" => SalesChannel::Subscription,
        _ => SalesChannel::Retail,
    }
}

const fn account_name(rule: AccountRule) -> &'static str {
    match rule {
        AccountRule::Never => "never",
        AccountRule::Optional => "optional",
        AccountRule::Required => "required",
    }
}

fn account(name: &str) -> Result<AccountRule, Error> {
    match name {
        "never" => Ok(AccountRule::Never),
        "optional" => Ok(AccountRule::Optional),
        "required" => Ok(AccountRule::Required),
        other => Err(Error::inconsistent("policy", format!("account rule {other}"))),
    }
}
