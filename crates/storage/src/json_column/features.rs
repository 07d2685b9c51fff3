use serde::{Deserialize, Serialize};

/// The features of an edition.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredFeatures {
    #[serde(default)]
    pub(crate) features: Vec<String>,
}

impl From<Vec<String>> for StoredFeatures {
    fn from(features: Vec<String>) -> Self {
        Self { features }
    }
}
