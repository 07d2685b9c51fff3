//! The ledger of the rolling budgets of licenses. A use is recorded in the transaction of the action.

use std::collections::HashMap;

use keystead_domain::budget::{Budget, RELEASES, REMOVALS, TRANSFERS};
use keystead_domain::policy::PolicyRules;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, LicenseId};
use keystead_storage::{ActivationDetails, Connection, Error, Tx};

use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::channel::Channel;

/// The kinds of budget uses.
#[derive(Debug, Clone, Copy)]
pub enum Spending<'a> {
    /// The owner moves an activation to changed hardware.
    Rebind(&'a PolicyRules),
    /// A new device key joins its machine's seat, or a device key that lost its state activates again.
    Reinstall(&'a PolicyRules),
    /// A device releases its seat.
    Release,
    /// A device releases a floating seat.
    FloatingRelease {
        /// The license's rules.
        rules: &'a PolicyRules,
        /// Total number of seats of the license.
        seats: u32,
    },
    /// The response to an activation is repeated.
    Repeat {
        /// Total number of seats of the license.
        seats: u32,
    },
    /// The owner removes a device remotely.
    Removal,
    /// The license is transferred to another account.
    Transfer,
}

impl Spending<'_> {
    const fn kind(self) -> &'static str {
        match self {
            Spending::Rebind(_) => "rebind",
            Spending::Reinstall(_) => "reinstall",
            Spending::Release => "release",
            Spending::FloatingRelease { .. } => "floating_release",
            Spending::Repeat { .. } => "repeat",
            Spending::Removal => "removal",
            Spending::Transfer => "transfer",
        }
    }

    fn budget(self) -> Budget {
        match self {
            Spending::Rebind(rules) => Budget::rebinds(rules),
            Spending::Reinstall(rules) => Budget::reinstalls(rules),
            Spending::Release => RELEASES,
            Spending::FloatingRelease { rules, seats } => Budget::floating_releases(rules, seats),
            Spending::Repeat { seats } => Budget::repeats(seats),
            Spending::Removal => REMOVALS,
            Spending::Transfer => TRANSFERS,
        }
    }

    const fn refusal(self, next_at: Millis) -> Refusal {
        match self {
            Spending::Reinstall(_) => Refusal::ReinstallBudgetExhausted { next_at },
            _ => Refusal::RebindBudgetExhausted { next_at },
        }
    }
}

/// Each kind of use with the longest window that a policy allows.
pub fn longest_windows() -> [(&'static str, Millis); 7] {
    let rules = &PolicyRules::with_longest_windows();
    let kinds = [
        Spending::Rebind(rules),
        Spending::Reinstall(rules),
        Spending::Release,
        Spending::FloatingRelease { rules, seats: 1 },
        Spending::Repeat { seats: 1 },
        Spending::Removal,
        Spending::Transfer,
    ];
    kinds.map(|spending| (spending.kind(), spending.budget().window))
}

/// Records one use. Refuses if the window has no use left. `id` is a new unique id for the entry.
pub fn spend(
    tx: &mut Tx<'_>,
    license: LicenseId,
    spending: Spending<'_>,
    id: [u8; 16],
    now: Millis,
) -> Result<(), AppError> {
    let budget = spending.budget();
    let used = tx.budget_uses_of_license(license, spending.kind(), budget.window_start(now))?;
    budget.spend(&used, now).map_err(|next_at| spending.refusal(next_at))?;
    Ok(tx.budget_use_insert(id, license, spending.kind(), now)?)
}

/// Spends a reinstallation for a new device key on a seat, or for a repeated activation. If no reinstallation
/// is left and the owner is signed in, spends a move. By file, always spends a move: replaced copies may stay
/// offline, so the server cannot detect them.
pub fn pay(
    tx: &mut Tx<'_>,
    license: LicenseId,
    (rules, by): (&PolicyRules, Channel),
    id: [u8; 16],
    now: Millis,
) -> Result<(), AppError> {
    if by == Channel::File {
        return spend(tx, license, Spending::Rebind(rules), id, now);
    }
    match spend(tx, license, Spending::Reinstall(rules), id, now) {
        Err(error) if by == Channel::Owner && error.code() == Code::ReinstallBudgetExhausted => {
            spend(tx, license, Spending::Rebind(rules), id, now)
        }
        paid => paid,
    }
}

/// Records a release by the device.
pub fn release(
    tx: &mut Tx<'_>,
    app: &Shared,
    details: &ActivationDetails,
    id: [u8; 16],
    now: Millis,
) -> Result<(), AppError> {
    let license = &details.license;
    if !details.activation.floating {
        return spend(tx, license.id, Spending::Release, id, now);
    }
    let policy = app.catalog.policy(tx, license.policy)?;
    let spending = Spending::FloatingRelease { rules: &policy.rules, seats: license.seats };
    spend(tx, license.id, spending, id, now)
}

/// Number of uses left.
pub fn left(
    connection: &mut Connection,
    license: LicenseId,
    spending: Spending<'_>,
    now: Millis,
) -> Result<u32, Error> {
    let budget = spending.budget();
    Ok(budget
        .left(&connection.budget_uses_of_license(license, spending.kind(), budget.window_start(now))?, now))
}

/// Remaining uses of the budgets that a policy defines.
#[derive(Debug, Clone, Copy)]
pub struct Remaining {
    /// Moves to changed hardware.
    pub rebinds: u32,
    /// New device keys on seats that their machines already use.
    pub reinstalls: u32,
}

/// Remaining uses of a license's budgets.
pub fn remaining(
    connection: &mut Connection,
    license: LicenseId,
    rules: &PolicyRules,
    now: Millis,
) -> Result<Remaining, Error> {
    Ok(Remaining {
        rebinds: left(connection, license, Spending::Rebind(rules), now)?,
        reinstalls: left(connection, license, Spending::Reinstall(rules), now)?,
    })
}

/// Remaining uses of each of `owner`'s `licenses`, with one query per budget.
pub fn remaining_of_all(
    connection: &mut Connection,
    owner: AccountId,
    licenses: &[(LicenseId, &PolicyRules)],
    now: Millis,
) -> Result<Vec<Remaining>, Error> {
    let rebinds = left_of_all(connection, owner, licenses, Spending::Rebind, now)?;
    let reinstalls = left_of_all(connection, owner, licenses, Spending::Reinstall, now)?;
    let both = rebinds.into_iter().zip(reinstalls);
    Ok(both.map(|(rebinds, reinstalls)| Remaining { rebinds, reinstalls }).collect())
}

fn left_of_all<'a>(
    connection: &mut Connection,
    owner: AccountId,
    licenses: &[(LicenseId, &'a PolicyRules)],
    spending: impl Fn(&'a PolicyRules) -> Spending<'a>,
    now: Millis,
) -> Result<Vec<u32>, Error> {
    let ids = || licenses.iter().map(|(license, _)| *license);
    let (Some(first), Some(last), Some((_, rules))) = (ids().min(), ids().max(), licenses.first()) else {
        return Ok(Vec::new());
    };
    let kind = spending(rules).kind();
    let budget = |rules| spending(rules).budget();
    let since = licenses.iter().map(|(_, rules)| budget(rules).window_start(now)).min().unwrap_or(now);
    let mut uses: HashMap<LicenseId, Vec<Millis>> = HashMap::new();
    for (license, at) in connection.budget_uses_of_account(owner, (first, last), kind, since)? {
        uses.entry(license).or_default().push(at);
    }
    let used = |license| uses.get(license).map_or(&[][..], Vec::as_slice);
    Ok(licenses.iter().map(|(license, rules)| budget(rules).left(used(license), now)).collect())
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;
    use keystead_protocol::api::ProblemFacts;

    use super::*;
    use crate::testing::{Device, World, on_both, refusal};

    async fn license(world: &World) -> LicenseId {
        let key = world.key().await;
        world.activated(&Device::new(1), &key).await.license
    }

    async fn paid(
        world: &World,
        by: Channel,
        rules: PolicyRules,
        license: LicenseId,
    ) -> Result<(), AppError> {
        let (id, now) = (world.app.new_id(), world.now());
        world.app.store.write(move |tx| pay(tx, license, (&rules, by), id, now)).await
    }

    async fn spent(world: &World, license: LicenseId) -> Result<(), AppError> {
        let (id, now) = (world.app.new_id(), world.now());
        world.app.store.write(move |tx| spend(tx, license, Spending::Transfer, id, now)).await
    }

    #[test]
    fn use_counts_until_its_window_has_passed() {
        on_both(async |world| {
            let (license, first) = (license(&world).await, world.now());
            for _ in 0..TRANSFERS.allowed {
                spent(&world, license).await.unwrap();
                world.pass(DAY).await;
            }
            let refused = spent(&world, license).await.unwrap_err();
            assert_eq!(refused.code(), Code::RebindBudgetExhausted);
            assert_eq!(refused.facts, Some(ProblemFacts::Budget { next_at: first + TRANSFERS.window }));
            world.pass(TRANSFERS.window - i64::from(TRANSFERS.allowed) * DAY).await;
            spent(&world, license).await.unwrap();
            assert_eq!(refusal(spent(&world, license).await), Code::RebindBudgetExhausted);
        });
    }

    #[test]
    fn owner_pays_with_a_move_when_the_reinstallations_are_spent() {
        on_both(async |world| {
            let license = license(&world).await;
            let mut rules = PolicyRules::default();
            rules.reinstalls.uses = 0;
            let by_key = paid(&world, Channel::Key, rules, license).await;
            assert_eq!(refusal(by_key), Code::ReinstallBudgetExhausted);
            paid(&world, Channel::Owner, rules, license).await.unwrap();
            assert_eq!(world.remaining(license).await.rebinds, 3);
        });
    }

    #[test]
    fn file_pays_with_a_move_although_reinstallations_are_left() {
        on_both(async |world| {
            let license = license(&world).await;
            paid(&world, Channel::File, PolicyRules::default(), license).await.unwrap();
            let left = world.remaining(license).await;
            assert_eq!((left.rebinds, left.reinstalls), (3, 6));
        });
    }

    #[test]
    fn licenses_counted_together_have_what_each_has() {
        on_both(async |world| {
            let owner = world.customer().await;
            let mut licenses = Vec::new();
            for number in 1..4 {
                let key = world.key().await;
                licenses.push(world.linked(&Device::new(number), &key, &owner).await.license);
            }
            let rules = PolicyRules::default();
            paid(&world, Channel::Key, rules, licenses[1]).await.unwrap();
            paid(&world, Channel::File, rules, licenses[2]).await.unwrap();
            let (account, now) = (owner.id(), world.now());
            let left = world.read(move |connection| {
                let licenses: Vec<_> = licenses.iter().map(|license| (*license, &rules)).collect();
                remaining_of_all(connection, account, &licenses, now)
            });
            let left: Vec<_> = left.await.iter().map(|left| (left.rebinds, left.reinstalls)).collect();
            assert_eq!(left, [(4, 6), (4, 5), (3, 6)]);
        });
    }
}
