//! A sample of each request and response body, by schema name. The test parses each sample as the type that
//! the server reads or writes.

use serde_json::{Value, json};

const KEY: &str = "H7XV7-TFPGT-CQWWX-FF29K-DWY6M";
const NEW_KEY: &str = "H7XV7-TFPGT-CQ7C3-3GTDV-XGXCD";
const INSTALLATION: &str = "HFFYQ-MF7JG-6KRMH-CP7YB-GYCDY";
const ACCOUNT: &str = "acc_019aa5e0c8007a3b8f2e4d6c8a0b1c2d";
const ACTIVATION: &str = "act_019aa5e0c8007b1c9d2e3f4a5b6c7d8e";
const DEVICE: &str = "dev_019aa5e0c8007c2d8e3f4a5b6c7d8e9f";
pub(super) const LICENSE: &str = "lic_019aa5e0c8007d3e9f4a5b6c7d8e9fa0";
/// A time, in UTC milliseconds.
const DAY: i64 = 1_795_219_200_000;
const BYTES_16: &str = "AAECAwQFBgcICQoLDA0ODw";
const BYTES_32: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
/// The beginning of a signed object (RFC 9052). A real object has a few hundred bytes.
const SIGNED: &str = "hE2iATIESDtzi6AiYcwboFkBBrMBZGFjbWUDamFjbWUucGhvdG8";

/// A checkpoint of a tree with two entries.
const CHECKPOINT: &str = "keystead/acme/issue\n2\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— keystead/acme/issue x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const COUNTERSIGNED: &str = "keystead/acme/issue\n2\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— keystead/acme/issue x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n— keystead/acme/root P8j7DQAAAABrASoAdtbo/ivWHVd/i4pFnYA6diESxaTwg8fhsPrsbazDke/O+v1BnRYO+aY/Gj9+qS3SEAkCKgh+JqvNpLdMmMiICA==\n";

fn device() -> Value {
    json!({
        "key": { "alg": "Ed25519", "pk": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        "name": "Desk PC", "platform": "Debian GNU/Linux 13",
        "class": "phys", "fp": { "uuid": "5e4b", "disk": "4528", "mac": ["1f0c", "d3a1"] }, "unreadable": ["tpm"],
    })
}

fn activation() -> Value {
    json!({
        "id": ACTIVATION, "license": LICENSE, "device": DEVICE, "product": "studio", "product_name": "Studio",
        "state": "activated", "sentence": "Studio is activated with a digital license",
        "activated_at": DAY, "refreshed_at": DAY, "lease_until": DAY + 15_552_000_000_i64,
    })
}

fn activation_details() -> Value {
    let mut details = activation();
    for (name, value) in [
        ("edition", json!("Studio Pro")),
        ("key_last_group", json!("DWY6M")),
        ("seats", json!(3)),
        ("seats_used", json!(1)),
    ] {
        details[name] = value;
    }
    details
}

fn license() -> Value {
    json!({
        "id": LICENSE, "product": "studio", "product_name": "Studio", "edition": "Studio Pro",
        "status": "active", "linked": false, "key_last_group": "DWY6M", "seats": 3, "seats_used": 1,
        "claimed_at": DAY, "rebinds_left": 4, "reinstalls_left": 6,
    })
}

fn device_view() -> Value {
    json!({
        "id": DEVICE, "name": "Desk PC", "platform": "Debian GNU/Linux 13", "created_at": DAY,
        "last_seen_at": DAY, "activations": [activation()],
    })
}

fn rules() -> Value {
    json!({
        "channel": "retail", "seats": 3, "term": "perpetual", "lease_days": 180, "refresh_days": 30,
        "grace_days": 30, "hardware_grace_days": 14, "rebinds": 4, "rebind_window_days": 365,
        "reinstalls": 6, "reinstall_window_days": 365, "keys_per_seat": 3, "forks": 6, "fork_window_days": 30,
        "floating_hours": 24, "account": "optional",
    })
}

macro_rules! samples {
    ($($name:literal $of:ty: $value:expr;)*) => {
        /// The sample of a schema.
        pub fn sample(schema: &str) -> Option<Value> {
            Some(match schema {
                $($name => $value,)*
                _ => return None,
            })
        }

        #[cfg(test)]
        mod tests {
            use keystead_protocol::api::*;

            use super::*;

            #[test]
            fn every_sample_is_what_its_type_reads_and_writes() {
                $(
                    let value: $of = serde_json::from_value($value).expect($name);
                    assert_eq!(serde_json::to_value(&value).expect($name), $value, $name);
                )*
            }
        }
    };
}

samples! {
    "AccountView" AccountView: json!({ "id": ACCOUNT, "email": "ada@example.org", "name": "Ada Lovelace", "created_at": DAY });
    "ActivateRequest" ActivateRequest: json!({ "product": "studio", "product_key": KEY, "device": device(), "app_version": "4.2.0" });
    "Activated" Activated: json!({
        "activation": ACTIVATION, "license": LICENSE, "device": DEVICE, "state": "activated", "token": SIGNED,
        "keys": [SIGNED], "ratchet": BYTES_16, "offline_secret": BYTES_32,
    });
    "ActivationDetails" ActivationDetails: activation_details();
    "AppProfile" AppProfile: json!({
        "server": "https://licenses.acme.test", "issuer": "acme", "product": "studio", "product_name": "Studio",
        "product_code": 679, "roots": [BYTES_32], "fingerprint_salt": BYTES_32, "limited_features": ["open"],
    });
    "ConfirmRequest" ConfirmRequest: json!({ "license": LICENSE, "installation_id": INSTALLATION, "device_name": "Lab PC" });
    "Deactivated" Deactivated: json!({ "seats_freed": 1, "stops_by": DAY });
    "ConsistencyProof" ConsistencyProof: json!({
        "log": "issue", "from": 1, "from_root": BYTES_32, "to": 2, "to_root": BYTES_32, "proof": [BYTES_32],
    });
    "InclusionProof" InclusionProof: json!({
        "log": "issue", "index": 0, "entry": SIGNED, "proof": [BYTES_32], "checkpoint": CHECKPOINT,
    });
    "LogCheckpoint" LogCheckpoint: json!({
        "log": "issue", "size": 2, "root": BYTES_32, "checkpoint": CHECKPOINT,
        "keys": ["keystead/acme/issue+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"],
        "countersigned": COUNTERSIGNED,
    });
    "DeviceView" DeviceView: device_view();
    "EditionRequest" EditionRequest: json!({ "slug": "pro", "name": "Studio Pro", "features": ["export", "raw"] });
    "EditionView" EditionView: json!({
        "id": "edi_019aa5e0c80070a18b2c3d4e5f60718a", "product": "studio", "slug": "pro", "name": "Studio Pro",
        "features": ["export", "raw"],
    });
    "FileAnswer" FileAnswer: json!({ "activation": ACTIVATION, "file": SIGNED });
    "FileRequest" FileRequest: json!({ "request": SIGNED, "license": LICENSE });
    "OwnerNeeded" OwnerNeeded: json!({
        "state": "hardware_changed",
        "comparison": {
            "similarity": "significant", "score": 48, "weak": false, "matched": ["disk", "osid"],
            "changed": ["uuid", "board"], "drift": 31,
        },
        "grace_until": DAY + 1_209_600_000_i64,
    });
    "KeyBatchLine" KeyBatchLine: json!({ "keys": [KEY, NEW_KEY] });
    "KeyBatchRequest" KeyBatchRequest: json!({ "edition": "pro", "policy": "retail", "count": 2, "note": "Web shop, November" });
    "LicenseView" LicenseView: license();
    "LinkRequest" LinkRequest: json!({ "activation": ACTIVATION, "consent": { "version": 1, "agreed": true } });
    "LinkingDisclosure" LinkingDisclosure: json!({
        "version": 1, "paragraphs": ["Acme stores which of your devices use this license."],
    });
    "NewKey" NewKey: json!({ "license": LICENSE, "product_key": NEW_KEY });
    "OfflineConfirmation" OfflineConfirmation: json!({
        "activation": ACTIVATION,
        "lines": [
            "Q2CB7-YVFQD-GGGCK-GFDRG-K3WD2", "GGQYP-CM248-4B2B3-B7R4M-2RG39",
            "THD47-T9K87-CP9FB-9W7XR-9TVT3", "GT43R-TYJBV-BH8BG-VCXFJ-XP8GM",
        ],
        "days": 365,
    });
    "OpenRequest" OpenRequest: json!({ "installation_id": INSTALLATION, "nonce": "0123456789abcdef", "device": device() });
    "Page_DeviceView" Page<DeviceView>: json!({ "items": [device_view()] });
    "Page_LicenseView" Page<LicenseView>: json!({ "items": [license()], "next": LICENSE });
    "PolicyRequest" PolicyRequest: json!({ "slug": "retail", "rules": rules() });
    "PolicyView" PolicyView: json!({
        "id": "pol_019aa5e0c80071b28c3d4e5f60718a9b", "product": "studio", "slug": "retail", "number": 1,
        "rules": rules(),
    });
    "ProductRequest" ProductRequest: json!({ "slug": "studio", "name": "Studio" });
    "ProductView" ProductView: json!({
        "id": "prd_019aa5e0c80072c38d4e5f60718a9bac", "slug": "studio", "name": "Studio", "code": 679,
        "created_at": DAY,
    });
    "ProveReleaseRequest" ProveReleaseRequest: json!({ "installation_id": INSTALLATION, "code": "CPB28-WBKJK-MBGRY-RPG2C-F898X" });
    "Reason" Reason: json!({ "reason": "Chargeback of order 4711" });
    "RebindRequest" RebindRequest: json!({ "device": device(), "confirm": "this_is_that_device" });
    "RefreshRequest" RefreshRequest: json!({
        "ratchet": { "r": BYTES_16, "x": BYTES_16 },
        "fingerprint": { "class": "phys", "fp": { "uuid": "5e4b", "disk": "4528", "mac": ["1f0c", "d3a1"] } },
    });
    "RenameRequest" RenameRequest: json!({ "name": "Old laptop" });
    "SignOutRequest" SignOutRequest: json!({ "email": "ada@example.org", "reason": "The laptop was stolen" });
    "SignedOut" SignedOut: json!({ "account": ACCOUNT });
    "SignedValidation" SignedValidation: json!({
        "validation": { "valid": true, "state": "activated", "license": LICENSE, "at": DAY }, "signed": SIGNED,
    });
    "TimeView" TimeView: json!({ "time": SIGNED, "keys": [SIGNED] });
    "ValidationRequest" ValidationRequest: json!({ "product_key": KEY });
}
