//! Applications: authorization, tokens and their scopes.

pub mod authenticate;
pub mod authorize;
pub mod device_grant;
pub mod id_token;
pub mod introspect;
pub mod make_api_token;
pub mod manage_tokens;
pub mod oauth_client;
pub mod rotate_tokens;
pub mod scope;
pub mod token_cache;
pub mod user_info;
