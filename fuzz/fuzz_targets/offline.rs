//! The codes and the files of an activation without a network.
#![no_main]

use keystead_protocol::certificate::{DeviceRequest, LicenseFile};
use keystead_protocol::offline::{Confirmation, InstallationId, ReleaseCode, ShortConfirmation};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    if let Ok(id) = typed.parse::<InstallationId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Ok(code) = typed.parse::<ReleaseCode>() {
        assert_eq!(code.to_string().parse(), Ok(code));
    }
    if let Ok(code) = typed.parse::<ShortConfirmation>() {
        assert_eq!(code.to_string().parse(), Ok(code));
    }
    let _ = DeviceRequest::open(typed);
    if let Ok(file) = LicenseFile::parse(typed) {
        assert_eq!(LicenseFile::parse(&file.to_text()), Ok(file));
    }
    if let Ok(confirmation) = typed.parse::<Confirmation>() {
        let lines = confirmation.lines().expect("what was read can be written");
        assert_eq!(lines.join("\n").parse(), Ok(confirmation));
    }
});
