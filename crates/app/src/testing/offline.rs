use keystead_protocol::api::{ConfirmRequest, OfflineConfirmation};
use keystead_protocol::id::LicenseId;
use keystead_protocol::offline::InstallationId;

use super::World;
use crate::error::AppError;
use crate::idempotency::StoredResponse;
use crate::offline::confirm_offline::confirm_offline;
use crate::principal::Principal;

impl World {
    /// Confirms an installation ID for a license. The vendor must give a reason.
    pub async fn confirm(
        &self,
        principal: &Principal,
        license: LicenseId,
        id: InstallationId,
        reason: Option<&str>,
    ) -> Result<StoredResponse<OfflineConfirmation>, AppError> {
        let asked = ConfirmRequest {
            license,
            installation_id: id.to_string(),
            device_name: "Desk PC".to_owned(),
            reason: reason.map(str::to_owned),
        };
        confirm_offline(&self.app, principal, &asked, &self.request()).await
    }
}
