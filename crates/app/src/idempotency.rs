//! Executes a state change once, no matter how often its request arrives.

use keystead_protocol::Code;
use keystead_protocol::code::Kind;
use keystead_storage::{Answer, Digest, Error, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::context::Shared;
use crate::credential::Credential;
use crate::entropy;
use crate::error::AppError;
use crate::request::SignedRequest;

/// The outcome of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The change was made.
    Done(T),
    /// A resource was created.
    Created(T),
    /// The change waits for a decision by another person.
    Pending(T),
}

impl<T> Outcome<T> {
    fn split(self) -> (Outcome<()>, T) {
        match self {
            Outcome::Done(value) => (Outcome::Done(()), value),
            Outcome::Created(value) => (Outcome::Created(()), value),
            Outcome::Pending(value) => (Outcome::Pending(()), value),
        }
    }
}

impl Outcome<()> {
    /// The number in the database, equal to the HTTP status.
    const fn number(self) -> u16 {
        match self {
            Outcome::Done(()) => 200,
            Outcome::Created(()) => 201,
            Outcome::Pending(()) => 202,
        }
    }

    const fn of_number(number: u16) -> Option<Self> {
        match number {
            200 => Some(Outcome::Done(())),
            201 => Some(Outcome::Created(())),
            202 => Some(Outcome::Pending(())),
            _ => None,
        }
    }
}

/// The response to a request. It was computed by this request, or stored by the first request with the same
/// idempotency key.
pub struct StoredResponse<T> {
    /// The outcome of the change.
    pub outcome: Outcome<()>,
    /// The value as JSON.
    pub body: Vec<u8>,
    computed: Option<T>,
}

impl<T: DeserializeOwned> StoredResponse<T> {
    /// The value of the response, for a page.
    pub fn value(self) -> Result<T, AppError> {
        self.computed.map_or_else(|| serde_json::from_slice(&self.body).map_err(AppError::internal), Ok)
    }

    /// Completes a stored value after the commit, for example with a signature.
    pub fn try_map<U: Serialize>(
        self,
        complete: impl FnOnce(T) -> Result<U, AppError>,
    ) -> Result<StoredResponse<U>, AppError> {
        let outcome = self.outcome;
        let value = complete(self.value()?)?;
        let body = serde_json::to_vec(&value).map_err(AppError::internal)?;
        Ok(StoredResponse { outcome, body, computed: Some(value) })
    }
}

/// One request by one principal.
pub struct IdempotentRequest {
    key: [u8; 16],
    request: Digest,
    nonce: Option<String>,
    credential: Credential,
}

impl IdempotentRequest {
    /// `credential` scopes the idempotency key and is checked again in the transaction. `nonce` belongs to
    /// the device's proof and is stored together with the key.
    pub fn new(request: &SignedRequest, credential: impl Into<Credential>, nonce: Option<String>) -> Self {
        let credential = credential.into();
        // Without an idempotency key, a random key is used. It matches no earlier response.
        let key = request.idempotency_key.map_or_else(entropy::bytes, |key| {
            let mut digest = Sha256::new_with_prefix(b"keystead/request/v1\0");
            digest.update(credential.name().as_bytes());
            digest.update(key.as_bytes());
            digest.finalize()[..16].try_into().expect("SHA-256 has 32 bytes")
        });
        let mut digest = Sha256::new_with_prefix(&request.method);
        digest.update([0]);
        digest.update(request.path.as_bytes());
        digest.update([0]);
        digest.update(&request.body);
        Self { key, request: digest.finalize().into(), nonce, credential }
    }

    /// Runs `story` in a transaction and stores its response, or returns the response that is already stored. `Ok`
    /// commits the transaction.
    pub async fn run<T, F>(self, app: &Shared, story: F) -> Result<StoredResponse<T>, AppError>
    where
        T: Serialize + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<Outcome<T>, AppError> + Send + 'static,
    {
        let response = match self.stored(app).await? {
            Some(answer) => answer,
            None => match self.begin(app, story).await {
                Ok(answer) => answer,
                // Another request with the same key may have succeeded meanwhile. Or the commit succeeded and
                // only its result was lost. In both cases, a response is stored.
                Err(error) => match self.stored(app).await {
                    Err(lookup) if lookup.code().kind() == Kind::Server => return Err(error),
                    stored => stored?.ok_or(error)?,
                },
            },
        };
        Ok(response)
    }

    async fn begin<T, F>(&self, app: &Shared, mut story: F) -> Result<StoredResponse<T>, AppError>
    where
        T: Serialize + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<Outcome<T>, AppError> + Send + 'static,
    {
        let (shared, key, request, nonce) = (app.clone(), self.key, self.request, self.nonce.clone());
        let credential = self.credential.clone();
        app.store
            .write(move |tx| {
                credential.recheck(tx, shared.now())?;
                let (outcome, value) = story(tx)?.split();
                let body = serde_json::to_vec(&value).map_err(AppError::internal)?;
                let sealed = shared.keys.seal("answer", &key, &body);
                let answer = Answer { request, status: outcome.number(), body: sealed };
                match tx.answer_insert(&key, nonce.as_deref(), &answer, shared.now()) {
                    // The nonce was used before, or another request with the same key stored its response
                    // first.
                    Err(Error::UniqueViolation(_)) => Err(Code::NonceStale.into()),
                    stored => Ok(stored.map(|()| StoredResponse { outcome, body, computed: Some(value) })?),
                }
            })
            .await
    }

    async fn stored<T>(&self, app: &Shared) -> Result<Option<StoredResponse<T>>, AppError> {
        let key = self.key;
        let answer = app.store.read(move |connection| connection.answer_by_key(&key)).await?;
        answer.map(|answer| self.repeat(app, &answer)).transpose()
    }

    fn repeat<T>(&self, app: &Shared, answer: &Answer) -> Result<StoredResponse<T>, AppError> {
        if answer.request != self.request {
            return Err(Code::IdempotencyKeyReused.into());
        }
        let damaged =
            || AppError::from(Error::Inconsistent { table: "idempotency", what: "unreadable".into() });
        let body = app.keys.open_sealed("answer", &self.key, &answer.body).ok_or_else(damaged)?;
        let outcome = Outcome::of_number(answer.status).ok_or_else(damaged)?;
        Ok(StoredResponse { outcome, body, computed: None })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use keystead_protocol::api::{EditionRequest, ProductRequest, ProductView};

    use super::*;
    use crate::catalog::define_edition::define_edition;
    use crate::catalog::define_product::define_product;
    use crate::principal::{Permission, Principal};
    use crate::testing::{Device, World, on_both, refusal, value};

    async fn defined(
        world: &World,
        principal: &Principal,
        slug: &str,
        request: &SignedRequest,
    ) -> Result<StoredResponse<ProductView>, AppError> {
        let asked = ProductRequest { slug: slug.to_owned(), name: "Studio".to_owned() };
        define_product(&world.app, principal, &asked, request).await
    }

    #[test]
    fn key_of_an_answered_request_is_refused_for_a_different_one() {
        on_both(async |world| {
            let (operator, request) = (Principal::Operator, world.request());
            value(defined(&world, &operator, "studio", &request).await);
            let other = request.clone().with_body(Bytes::from_static(b"another body"));
            let refused = defined(&world, &operator, "player", &other).await;
            assert_eq!(refusal(refused), Code::IdempotencyKeyReused);
            let elsewhere = SignedRequest { path: "/elsewhere".to_owned(), ..request };
            let refused = defined(&world, &operator, "player", &elsewhere).await;
            assert_eq!(refusal(refused), Code::IdempotencyKeyReused);
        });
    }

    #[test]
    fn two_principals_may_draw_the_same_key() {
        on_both(async |world| {
            let (vendor, request) = (world.vendor(&[Permission::Catalog]).await, world.request());
            value(defined(&world, &Principal::Operator, "studio", &request).await);
            assert_eq!(value(defined(&world, &vendor, "player", &request).await).slug, "player");
        });
    }

    #[test]
    fn refused_request_is_judged_again() {
        on_both(async |world| {
            let (operator, request) = (Principal::Operator, world.request());
            let asked = EditionRequest { slug: "pro".into(), name: "Pro".into(), features: Vec::new() };
            let define = || define_edition(&world.app, &operator, "studio".to_owned(), &asked, &request);
            assert_eq!(refusal(define().await), Code::NotFound);
            value(defined(&world, &operator, "studio", &world.request()).await);
            value(define().await);
        });
    }

    #[test]
    fn request_without_a_key_makes_its_change_each_time() {
        on_both(async |world| {
            let (operator, request) = (Principal::Operator, world.request());
            let request = SignedRequest { idempotency_key: None, ..request };
            value(defined(&world, &operator, "studio", &request).await);
            let again = defined(&world, &operator, "studio", &request).await;
            assert_eq!(refusal(again), Code::AlreadyExists);
        });
    }

    #[test]
    fn nonce_of_a_proof_works_once() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let request = world.signed(&device);
            let activate = async |request: &SignedRequest| {
                let (app, anonymous) = (&world.app, Principal::Anonymous);
                let asked = device.with_product_key(&key);
                crate::licensing::activate_device::activate_device(app, &anonymous, asked, request).await
            };
            value(activate(&request).await);
            let replayed = SignedRequest { idempotency_key: world.request().idempotency_key, ..request };
            assert_eq!(refusal(activate(&replayed).await), Code::NonceStale);
        });
    }
}
