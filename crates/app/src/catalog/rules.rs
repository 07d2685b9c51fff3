//! Converts a policy's rules from and to API types.

use keystead_domain::policy::{AccountRule, Allowance, PolicyRules, SalesChannel, Term};
use keystead_protocol::api;

/// Converts the rules of a request. Does not validate them.
pub fn from_api(rules: api::PolicyRules) -> PolicyRules {
    PolicyRules {
        channel: match rules.channel {
            api::Channel::Retail => SalesChannel::Retail,
            api::Channel::Oem => SalesChannel::Oem,
            api::Channel::Volume => SalesChannel::Volume,
            api::Channel::Trial => SalesChannel::Trial,
            api::Channel::Subscription => SalesChannel::Subscription,
        },
        account: match rules.account {
            api::AccountRule::Never => AccountRule::Never,
            api::AccountRule::Optional => AccountRule::Optional,
            api::AccountRule::Required => AccountRule::Required,
        },
        term: match rules.term {
            api::Term::Perpetual => Term::Perpetual,
            api::Term::Days(days) => Term::Days(days),
            api::Term::Until(at) => Term::Until(at),
        },
        seats: rules.seats,
        lease_days: rules.lease_days,
        refresh_days: rules.refresh_days,
        grace_days: rules.grace_days,
        hardware_grace_days: rules.hardware_grace_days,
        rebinds: Allowance { uses: rules.rebinds, window_days: rules.rebind_window_days },
        reinstalls: Allowance { uses: rules.reinstalls, window_days: rules.reinstall_window_days },
        keys_per_seat: rules.keys_per_seat,
        forks: Allowance { uses: rules.forks, window_days: rules.fork_window_days },
        floating_hours: rules.floating_hours,
    }
}

/// Converts rules for a response.
pub fn to_api(rules: PolicyRules) -> api::PolicyRules {
    let PolicyRules { rebinds, reinstalls, forks, .. } = rules;
    api::PolicyRules {
        channel: match rules.channel {
            SalesChannel::Retail => api::Channel::Retail,
            SalesChannel::Oem => api::Channel::Oem,
            SalesChannel::Volume => api::Channel::Volume,
            SalesChannel::Trial => api::Channel::Trial,
            SalesChannel::Subscription => api::Channel::Subscription,
        },
        seats: rules.seats,
        term: match rules.term {
            Term::Perpetual => api::Term::Perpetual,
            Term::Days(days) => api::Term::Days(days),
            Term::Until(at) => api::Term::Until(at),
        },
        lease_days: rules.lease_days,
        refresh_days: rules.refresh_days,
        grace_days: rules.grace_days,
        hardware_grace_days: rules.hardware_grace_days,
        rebinds: rebinds.uses,
        rebind_window_days: rebinds.window_days,
        reinstalls: reinstalls.uses,
        reinstall_window_days: reinstalls.window_days,
        keys_per_seat: rules.keys_per_seat,
        forks: forks.uses,
        fork_window_days: forks.window_days,
        floating_hours: rules.floating_hours,
        account: match rules.account {
            AccountRule::Never => api::AccountRule::Never,
            AccountRule::Optional => api::AccountRule::Optional,
            AccountRule::Required => api::AccountRule::Required,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_a_request_leaves_out_have_the_defaults_of_the_domain() {
        assert_eq!(from_api(api::PolicyRules::default()), PolicyRules::default());
    }

    #[test]
    fn a_response_shows_the_rules_of_the_request() {
        let asked = api::PolicyRules {
            channel: api::Channel::Volume,
            seats: 1,
            term: api::Term::Days(2),
            lease_days: 3,
            refresh_days: 4,
            grace_days: 5,
            hardware_grace_days: 6,
            rebinds: 7,
            rebind_window_days: 8,
            reinstalls: 9,
            reinstall_window_days: 10,
            keys_per_seat: 11,
            forks: 12,
            fork_window_days: 13,
            floating_hours: 14,
            account: api::AccountRule::Required,
        };
        assert_eq!(to_api(from_api(asked.clone())), asked);
        for channel in [
            api::Channel::Retail,
            api::Channel::Oem,
            api::Channel::Volume,
            api::Channel::Trial,
            api::Channel::Subscription,
        ] {
            let asked = api::PolicyRules { channel, ..asked.clone() };
            assert_eq!(to_api(from_api(asked.clone())), asked);
        }
        for account in [api::AccountRule::Never, api::AccountRule::Optional] {
            let asked = api::PolicyRules { account, term: api::Term::Until(15), ..asked.clone() };
            assert_eq!(to_api(from_api(asked.clone())), asked);
        }
    }
}
