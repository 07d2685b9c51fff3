//! What somebody types or pastes as a code: whatever is read is written the same way again.
#![no_main]

use keystead_protocol::ProductKey;
use keystead_protocol::typed_code::{Entry, Kind, decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    for kind in Kind::ALL {
        if let Ok(payload) = decode(kind, typed) {
            let written = encode(kind, payload).expect("what was read can be written");
            assert_eq!(decode(kind, &written), Ok(payload));
        }
        Entry::read(kind, typed);
    }
    if let Ok(key) = typed.parse::<ProductKey>() {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
});
