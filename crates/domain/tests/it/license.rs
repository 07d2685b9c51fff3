use keystead_domain::Refusal;
use keystead_domain::license::{Claimant, License, LicenseStatus, Ownership};
use keystead_protocol::api::AccountRule;
use proptest::prelude::*;

use crate::support::{NOW, account, license};

fn owned_by(n: u8) -> License {
    License { ownership: Ownership::Owned { by: account(n), since: NOW }, ..license() }
}

#[test]
fn a_linked_license_obeys_its_owner_and_no_longer_its_key() {
    let license = owned_by(1);
    let admit = |claimant| license.admit(claimant, AccountRule::Optional, NOW);
    assert_eq!(admit(Claimant::KeyHolder), Err(Refusal::OwnerOnly));
    assert_eq!(admit(Claimant::SignedInKeyHolder(account(2))), Err(Refusal::OwnerOnly));
    assert_eq!(admit(Claimant::Account(account(2))), Err(Refusal::OwnerOnly));
    assert_eq!(admit(Claimant::Account(account(1))), Ok(()));
}

#[test]
fn a_license_that_is_not_linked_is_claimed_by_its_key_only() {
    let admit = |claimant, rule| license().admit(claimant, rule, NOW);
    assert_eq!(admit(Claimant::KeyHolder, AccountRule::Optional), Ok(()));
    assert_eq!(admit(Claimant::Account(account(1)), AccountRule::Optional), Err(Refusal::NotLinked));
    assert_eq!(admit(Claimant::KeyHolder, AccountRule::Required), Err(Refusal::AccountRequired));
    assert_eq!(admit(Claimant::SignedInKeyHolder(account(1)), AccountRule::Required), Ok(()));
}

#[test]
fn linking_needs_consent_and_happens_once() {
    let link = |license: License, agreed| license.link(account(1), agreed, AccountRule::Optional, NOW);
    assert_eq!(link(license(), false), Err(Refusal::ConsentMissing));
    assert_eq!(link(license(), true), Ok(Ownership::Owned { by: account(1), since: NOW }));
    assert_eq!(link(owned_by(2), true), Err(Refusal::AlreadyLinked));
    assert_eq!(link(owned_by(1), false), Ok(owned_by(1).ownership));
}

#[test]
fn an_ended_license_admits_nobody() {
    let ended = License { expires_at: Some(NOW), ..license() };
    assert_eq!(ended.admit(Claimant::KeyHolder, AccountRule::Optional, NOW - 1), Ok(()));
    assert_eq!(ended.admit(Claimant::KeyHolder, AccountRule::Optional, NOW), Err(Refusal::LicenseExpired));
}

proptest! {
    #[test]
    fn revoked_is_for_good(moves in prop::collection::vec(0u8..3, 0..12)) {
        let mut status = LicenseStatus::Active.revoke(NOW);
        for step in moves {
            status = match step {
                0 => status.suspend(NOW + 1).unwrap_or(status),
                1 => status.resume().unwrap_or(status),
                _ => status.revoke(NOW + 1),
            };
            prop_assert_eq!(status, LicenseStatus::Revoked { at: NOW });
        }
    }
}
