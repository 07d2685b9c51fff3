//! The diagnostics contain what support needs and nothing else.

use keystead::protocol::Code;
use keystead::{Options, Proxy};

use crate::shop::{EMAIL, Shop};

#[test]
fn all_is_well_when_all_is_well() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let diagnostics = client.diagnose();
    let told: Vec<_> = diagnostics.findings.iter().map(|finding| (finding.check, finding.ok)).collect();
    assert_eq!(
        told,
        [("files", true), ("device key", true), ("activation", true), ("server", true), ("clock", true)]
    );
}

#[test]
fn what_is_the_matter_has_its_code() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
    let codes: Vec<_> = client.diagnose().findings.into_iter().filter_map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::NotActivated, Code::ConnectionRefused]);
}

#[test]
fn nothing_in_the_bundle_names_a_person_unlocks_anything_or_identifies_hardware() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let proxy = Proxy::Address("http://user:secret-of-the-proxy@127.0.0.1:9".into());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "A private name").unwrap();
    shop.sign_in(&client);
    client.account().unwrap();
    let bundle = serde_json::to_string(
        &shop.client_of(&shop.url, folder.path(), Options { proxy, ..Options::default() }).diagnose(),
    )
    .unwrap();
    assert!(bundle.contains("127.0.0.1:9"), "by which proxy it went");
    let kept = crate::sealed::value(folder.path(), "studio.activation.json");
    let tokens: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("vendor/sign-in.json")).unwrap()).unwrap();
    let key = std::fs::read_to_string(folder.path().join("vendor/device.key")).unwrap();
    let secrets = [
        EMAIL,
        "A private name",
        "secret-of-the-proxy",
        key.trim(),
        &shop.keys[0][24..],
        kept["token"].as_str().unwrap(),
        kept["ratchet"].as_str().unwrap(),
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
    ];
    for secret in secrets {
        assert!(!bundle.contains(secret), "{secret} is in {bundle}");
    }
    std::fs::write(folder.path().join("vendor/studio.activation.json"), "damaged").unwrap();
    let bundle = serde_json::to_string(&shop.client(folder.path()).diagnose()).unwrap();
    assert!(!bundle.contains(folder.path().to_str().unwrap()), "a folder has its owner's name: {bundle}");
    let machine = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    assert!(machine.trim().is_empty() || !bundle.contains(machine.trim()));
}
