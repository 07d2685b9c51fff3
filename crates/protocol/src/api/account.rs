use serde::{Deserialize, Serialize};

use crate::id::AccountId;

/// The signed-in account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The account.
    pub id: AccountId,
    /// The e-mail address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
}
