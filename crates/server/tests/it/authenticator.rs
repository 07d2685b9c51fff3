//! An authenticator app. The tests set it up on the page, as a person does.

use keystead_testkit::{Browser, PASSWORD};
use totp_rs::Builder;

use crate::world::World;

/// The code that the app currently shows.
pub fn code(page: &str, world: &World) -> String {
    let secret = page.split("<p class=\"keys\">").nth(1).unwrap().split('<').next().unwrap();
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
    totp.generate(world.now() as u64 / 1000).to_string()
}

/// Sets up an authenticator app. Returns the setup page, which contains the secret, and the recovery codes.
pub fn with_totp(world: &World, browser: &Browser) -> (String, Vec<String>) {
    let (_, setup) = browser.open("/security/totp").unwrap();
    let (status, codes) =
        browser.submit("/security/totp", &[("password", PASSWORD), ("code", &code(&setup, world))]).unwrap();
    assert_eq!(status, 200, "{codes}");
    let codes = codes.split("<li>").skip(1).filter_map(|rest| rest.split("</li>").next());
    let codes: Vec<String> = codes.filter(|code| code.len() == 19).map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    (setup, codes)
}
