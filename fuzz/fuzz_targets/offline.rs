//! The codes of an activation without a network.
#![no_main]

use keystead_protocol::offline::{Confirmation, InstallationId, ReleaseCode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    if let Ok(id) = typed.parse::<InstallationId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Ok(code) = typed.parse::<ReleaseCode>() {
        assert_eq!(code.to_string().parse(), Ok(code));
    }
    if let Ok(confirmation) = typed.parse::<Confirmation>() {
        let lines = confirmation.lines().expect("what was read can be written");
        assert_eq!(lines.join("\n").parse(), Ok(confirmation));
    }
});
