//! The server as a WebAuthn relying party.

use webauthn_rs::Webauthn;

/// The relying party for the server's address. `None` for an IP address, which cannot be a relying party ID
/// (WebAuthn, section 5.1.2).
pub fn relying_party(name: &str, public_url: &str) -> anyhow::Result<Option<Webauthn>> {
    let url: url::Url = public_url.parse()?;
    let Some(domain) = url.domain() else { return Ok(None) };
    Ok(Some(webauthn_rs::WebauthnBuilder::new(domain, &url)?.rp_name(name).build()?))
}
