//! Signing in with the third-party crates oauth2 and openidconnect.

use keystead_testkit::Browser;
use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, CsrfToken, DeviceAuthorizationUrl, HttpRequest,
    HttpResponse, PkceCodeChallenge, RedirectUrl, Scope, StandardDeviceAuthorizationResponse,
    TokenResponse as _, TokenUrl,
};
use openidconnect::IssuerUrl;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseMode};

use crate::world::World;

const REDIRECT: &str = "http://127.0.0.1:4711/callback";

/// Sends a request that the crate has built.
fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let (head, mut body) = agent.run(request)?.into_parts();
    Ok(HttpResponse::from_parts(head, body.read_to_vec()?))
}

macro_rules! client {
    ($world:expr) => {
        BasicClient::new(ClientId::new("keystead-sdk".to_owned()))
            .set_auth_uri(AuthUrl::new(format!("{}/id/authorize", $world.server)).unwrap())
            .set_token_uri(TokenUrl::new(format!("{}/id/token", $world.server)).unwrap())
            .set_device_authorization_url(
                DeviceAuthorizationUrl::new(format!("{}/id/device_authorization", $world.server)).unwrap(),
            )
            .set_redirect_uri(RedirectUrl::new(REDIRECT.to_owned()).unwrap())
            .set_auth_type(AuthType::RequestBody)
    };
}

/// Allows the application as the person does. Returns the query of the redirect to the application.
fn allow(browser: &Browser, address: &oauth2::url::Url) -> Vec<(String, String)> {
    let query = address.query_pairs().into_owned().chain([("decision".to_owned(), "allow".to_owned())]);
    let fields: Vec<(String, String)> = query.collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let arrived = browser.redirected("/id/authorize", &fields).unwrap();
    oauth2::url::Url::parse(&arrived).unwrap().query_pairs().into_owned().collect()
}

#[test]
fn the_crate_oauth2_signs_in_by_code_and_refreshes() {
    let world = World::sqlite();
    let customer = world.customer();
    let client = client!(world);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("licenses".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let arrived = allow(&customer.browser, &address);
    let value = |name: &str| arrived.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(&value("state"), state.secret());
    let code = AuthorizationCode::new(value("code"));
    let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request(&send).unwrap();
    assert_eq!(world.get("/api/v1/licenses", tokens.access_token().secret()).status, 200);
    let fresh = client.exchange_refresh_token(tokens.refresh_token().unwrap()).request(&send).unwrap();
    assert_eq!(world.get("/api/v1/licenses", fresh.access_token().secret()).status, 200);
}

#[test]
fn the_crate_oauth2_signs_in_by_device_code() {
    let world = World::sqlite();
    let customer = world.customer();
    let client = client!(world);
    let started: StandardDeviceAuthorizationResponse = client.exchange_device_code().request(&send).unwrap();
    let allow = [("code", started.user_code().secret().as_str()), ("decision", "approve")];
    assert_eq!(customer.browser.submit("/device/decide", &allow).unwrap().0, 200);
    let wait = |time: std::time::Duration| world.pass(time.as_millis() as i64);
    let tokens = client.exchange_device_access_token(&started).request(&send, wait, None).unwrap();
    assert_eq!(world.get("/api/v1/licenses", tokens.access_token().secret()).status, 200);
}

#[test]
fn the_crate_openidconnect_reads_the_metadata_and_the_keys_it_names() {
    let world = World::sqlite();
    let document = world.get("/id/.well-known/openid-configuration", "").json();
    let issuer = document["issuer"].as_str().unwrap().to_owned();
    let send_to_world = |mut request: HttpRequest| {
        *request.uri_mut() = format!("{}{}", world.server, request.uri().path()).parse().unwrap();
        send(request)
    };
    let metadata =
        CoreProviderMetadata::discover(&IssuerUrl::new(issuer.clone()).unwrap(), &send_to_world).unwrap();
    assert_eq!(metadata.authorization_endpoint().as_str(), format!("{issuer}/authorize"));
    assert_eq!(metadata.token_endpoint().unwrap().as_str(), format!("{issuer}/token"));
    assert_eq!(metadata.userinfo_endpoint().unwrap().as_str(), format!("{issuer}/userinfo"));
    assert_eq!(metadata.response_modes_supported().unwrap(), &vec![CoreResponseMode::Query]);
    let algorithms = metadata.id_token_signing_alg_values_supported();
    assert_eq!(algorithms, &vec![CoreJwsSigningAlgorithm::EcdsaP256Sha256]);
    assert_eq!(metadata.jwks().keys().len(), 1);
}
