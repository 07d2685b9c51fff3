use keystead_domain::license::License;
use keystead_protocol::api::{Activated, LinkRequest, LinkingConsent, PolicyRules};
use keystead_protocol::id::{ActivationId, LicenseId};
use keystead_storage::ActivationDetails;

use super::{Customer, Device, World, value};
use crate::error::AppError;
use crate::idempotency::StoredResponse;
use crate::licensing::activate_device::activate_device;
use crate::licensing::budget_ledger::{self, Remaining};
use crate::licensing::change_license_status::{Change, StatusChange, change_license_status};
use crate::licensing::link_key::link_key;
use crate::licensing::link_license::{DISCLOSURE_VERSION, link_license};
use crate::principal::Principal;

impl World {
    /// Activates a device with a product key, without a sign-in.
    pub async fn activate(&self, device: &Device, key: &str) -> Result<StoredResponse<Activated>, AppError> {
        let asked = device.with_product_key(key);
        activate_device(&self.app, &Principal::Anonymous, asked, &self.signed(device)).await
    }

    /// Activates a device. Fails the test if the activation is refused.
    pub async fn activated(&self, device: &Device, key: &str) -> Activated {
        value(self.activate(device, key).await)
    }

    /// Links the license of an activated device to a customer.
    pub async fn link(&self, device: &Device, activated: &Activated, owner: &Customer) {
        let consent = LinkingConsent { version: DISCLOSURE_VERSION, agreed: true };
        let asked = LinkRequest { activation: Some(activated.activation), product_key: None, consent };
        let (license, request) = (activated.license, self.signed(device));
        value(link_license(&self.app, &owner.principal(), license, &asked, &request).await);
    }

    /// Activates a device with a product key and links the license to a customer.
    pub async fn linked(&self, device: &Device, key: &str, owner: &Customer) -> Activated {
        let activated = self.activated(device, key).await;
        self.link(device, &activated, owner).await;
        activated
    }

    /// A new license of a customer, without devices. `change` modifies the default rules of its policy.
    pub async fn owned(&self, owner: &Customer, change: impl FnOnce(&mut PolicyRules)) -> LicenseId {
        let key = self.key_with(change).await;
        value(link_key(&self.app, &owner.principal(), &key, true, &self.request()).await).id
    }

    /// Changes the status of a license, as the operator.
    pub async fn change(&self, license: LicenseId, change: Change) {
        let change = StatusChange::new(change, "a test").unwrap();
        let (operator, request) = (Principal::Operator, self.request());
        value(change_license_status(&self.app, &operator, license, change, &request).await);
    }

    /// A stored license.
    pub async fn license(&self, id: LicenseId) -> License {
        self.read(move |connection| connection.license_by_id(id)).await.unwrap()
    }

    /// The remaining uses of a license's budgets.
    pub async fn remaining(&self, id: LicenseId) -> Remaining {
        let (app, now) = (self.app.clone(), self.now());
        let left = self.read(move |connection| {
            let policy =
                connection.license_by_id(id)?.map(|license| app.catalog.policy(connection, license.policy));
            budget_ledger::remaining(connection, id, &policy.expect("the license exists")?.rules, now)
        });
        left.await
    }

    /// A stored activation.
    pub async fn activation(&self, id: ActivationId) -> ActivationDetails {
        self.read(move |connection| connection.activation_by_id(id)).await.unwrap()
    }
}
