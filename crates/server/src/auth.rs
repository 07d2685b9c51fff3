//! Extractors for the principal of a request. They refuse a request before its body is read. The use cases
//! check permissions again.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use keystead_app::context::{App, Shared};
use keystead_app::oauth::authenticate::authenticate;
use keystead_app::oauth::scope::{LICENSES, PROFILE};
use keystead_app::principal::{Permission, Principal};
use keystead_app::security::bearer::Bearer;
use keystead_app::security::dpop::{self, DpopError, DpopProof, ProvenRequest};
use keystead_protocol::Code;

use crate::extract::full_path;
use crate::middleware::note_actor;
use crate::problem::ApiError;

/// The principal of the request, signed in or anonymous.
pub struct Auth(pub Principal);

impl FromRequestParts<Shared> for Auth {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Some(header) = parts.headers.get(header::AUTHORIZATION) else {
            return Ok(Self(Principal::Anonymous));
        };
        let (scheme, token) = header
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .ok_or(ApiError::from(Code::TokenExpired))?;
        let bearer: Bearer = token.parse().map_err(|_| ApiError::from(Code::TokenExpired))?;
        let proof = match scheme {
            "Bearer" => None,
            "DPoP" => {
                let path = full_path(&parts.extensions, &parts.uri);
                let request =
                    ProvenRequest { method: parts.method.as_str(), path: &path, token: Some(token) };
                let proof = dpop_proof(app, &parts.headers, request)
                    .map_err(|error| ApiError::with_detail(Code::ProofRefused, error))?;
                Some(proof.ok_or(ApiError::from(Code::ProofMissing))?)
            }
            _ => return Err(Code::TokenExpired.into()),
        };
        let principal = authenticate(app, &bearer, proof).await?;
        note_actor(&principal.actor());
        Ok(Self(principal))
    }
}

/// The DPoP proof of a request, if present. A request may have at most one.
pub fn dpop_proof(
    app: &App,
    headers: &HeaderMap,
    request: ProvenRequest<'_>,
) -> Result<Option<DpopProof>, DpopError> {
    let mut proofs = headers.get_all("dpop").iter();
    let Some(proof) = proofs.next() else { return Ok(None) };
    if proofs.next().is_some() {
        return Err(DpopError("there is more than one"));
    }
    let proof = proof.to_str().map_err(|_| DpopError("it is no token"))?;
    dpop::verify(app, proof, request).map(Some)
}

/// A signed-in customer who granted the application access to licenses. Everyone else is refused before the body is
/// read.
pub struct Customer(pub Principal);

/// A signed-in customer, or the vendor's support. Everyone else is refused before the body is read.
pub struct CustomerOrSupport(pub Principal);

impl FromRequestParts<Shared> for CustomerOrSupport {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let principal = Auth::from_request_parts(parts, app).await?.0;
        if !principal.may(Permission::Support) {
            principal.require_account(LICENSES)?;
        }
        Ok(Self(principal))
    }
}

/// A signed-in customer who granted the application access to name and email address.
pub struct Profile(pub Principal);

impl FromRequestParts<Shared> for Profile {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let principal = Auth::from_request_parts(parts, app).await?.0;
        principal.require_account(PROFILE)?;
        Ok(Self(principal))
    }
}

/// A recently authenticated customer who allowed the application to change the owner of licenses. Everyone else is
/// refused before the body is read.
pub struct Owner(pub Principal);

impl FromRequestParts<Shared> for Owner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let principal = Auth::from_request_parts(parts, app).await?.0;
        principal.require_owner(app.now())?;
        Ok(Self(principal))
    }
}

impl FromRequestParts<Shared> for Customer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let principal = Auth::from_request_parts(parts, app).await?.0;
        principal.require_account(LICENSES)?;
        Ok(Self(principal))
    }
}

/// A principal with the vendor permission `S`. Everyone else is refused before the body is read.
pub struct Vendor<S> {
    /// The principal.
    pub principal: Principal,
    scope: PhantomData<S>,
}

/// A type that stands for one permission.
pub trait RequiredScope {
    /// The permission.
    const SCOPE: Permission;
}

macro_rules! required_scope {
    ($($name:ident)*) => {$(
        /// The permission of the same name.
        pub struct $name;
        impl RequiredScope for $name {
            const SCOPE: Permission = Permission::$name;
        }
    )*};
}

required_scope! { Catalog Keys Read Licenses Validate Accounts }

impl<S: RequiredScope> FromRequestParts<Shared> for Vendor<S> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let principal = Auth::from_request_parts(parts, app).await?.0;
        principal.require(S::SCOPE)?;
        Ok(Self { principal, scope: PhantomData })
    }
}
