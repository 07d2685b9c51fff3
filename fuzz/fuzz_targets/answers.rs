//! What a server, or whatever stands in its place, may answer; and the profile of an application.
#![no_main]

use keystead::Profile;
use keystead_protocol::api::{
    Activated, ActivationDetails, DeviceView, HardwareChange, LicenseView, LinkingDisclosure, NewKey,
    OfflineConfirmation, Page, Problem, TimeView,
};
use libfuzzer_sys::fuzz_target;
use serde_json::from_slice;

fuzz_target!(|bytes: &[u8]| {
    let _ = from_slice::<Activated>(bytes);
    let _ = from_slice::<ActivationDetails>(bytes);
    let _ = from_slice::<HardwareChange>(bytes);
    let _ = from_slice::<LinkingDisclosure>(bytes);
    let _ = from_slice::<NewKey>(bytes);
    let _ = from_slice::<OfflineConfirmation>(bytes);
    let _ = from_slice::<Page<DeviceView>>(bytes);
    let _ = from_slice::<Page<LicenseView>>(bytes);
    let _ = from_slice::<TimeView>(bytes);
    if let Ok(problem) = from_slice::<Problem>(bytes) {
        let _ = keystead::Error::from(problem).to_string();
    }
    let _ = Profile::from_json(bytes);
});
