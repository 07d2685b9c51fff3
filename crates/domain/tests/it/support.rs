use keystead_domain::activation::{Activation, ActivationStatus, Drift, LeaseTerms};
use keystead_domain::license::{self, License, Ownership};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::Ratchet;
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::id::{AccountId, ActivationId, DeviceId, EditionId, LicenseId, PolicyId, ProductId};

pub const NOW: i64 = 1_795_238_400_000;
pub const KEY: [u8; 32] = [8; 32];

pub fn account(n: u8) -> AccountId {
    AccountId::from_bytes([n; 16])
}

pub fn license() -> License {
    License {
        id: LicenseId::from_bytes([1; 16]),
        product: ProductId::from_bytes([2; 16]),
        edition: EditionId::from_bytes([3; 16]),
        policy: PolicyId::from_bytes([4; 16]),
        ownership: Ownership::Held,
        status: license::LicenseStatus::Active,
        expires_at: None,
        seats: 1,
        seats_used: 0,
        key_last_group: "DWY6M".into(),
        claimed_at: NOW,
    }
}

pub fn desktop() -> Fingerprint {
    let fp = Component::ALL
        .into_iter()
        .map(|component| (component, Tags::new([Tag([0, component.number()])]).unwrap()))
        .collect();
    Fingerprint { class: MachineClass::Phys, fp, unreadable: Vec::new() }
}

pub fn with_changed(components: &[Component]) -> Fingerprint {
    let mut fingerprint = desktop();
    for component in components {
        fingerprint.fp.insert(*component, Tags::new([Tag([9, component.number()])]).unwrap());
    }
    fingerprint
}

pub fn activation() -> Activation {
    Activation {
        id: ActivationId::from_bytes([5; 16]),
        license: LicenseId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([6; 16]),
        seat: ActivationId::from_bytes([5; 16]),
        status: ActivationStatus::Active,
        ratchet: Ratchet::start([0; 16]),
        baseline: desktop(),
        drift: Drift { points: 0, since: NOW },
        activated_at: NOW,
        refreshed_at: NOW,
        serves_until: NOW,
        floating: false,
    }
}

/// Lease terms with these rules, for a license that never expires.
pub fn terms(rules: &PolicyRules) -> LeaseTerms<'_> {
    LeaseTerms { rules, license_expiry: None }
}
