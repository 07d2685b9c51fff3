//! Answers request files of offline devices, which the owner or support uploads. The answer is a license
//! file, or the release of the seat.

use keystead_domain::Millis;
use keystead_domain::license::License;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, DeviceDescription, FileAnswer, FileRequest};
use keystead_protocol::certificate::{DeviceRequest, LicenseFile, Wanted};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{ActivationId, OutboxId};
use keystead_protocol::text::{array_from_base64url, from_base64url, to_base64url};
use keystead_storage::{OfflineFile, Tx};
use serde::{Deserialize, Serialize};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::certificate::Issued;
use crate::licensing::channel::Channel;
use crate::licensing::claim_seat::{DeviceClaim, PregeneratedIds, SeatClaim};
use crate::licensing::find_license::missing;
use crate::licensing::{budget_ledger, release_activation};
use crate::offline::authority::Authority;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Maximum size of a request file, bytes. A typical file has about one thousand bytes.
const MAX_FILE: usize = 8 * 1024;

fn refused(why: impl ToString) -> AppError {
    AppError::with_detail(Code::RequestFileRefused, why)
}

/// Opens a request file and checks that it is for this vendor.
fn open(app: &Shared, text: &str) -> Result<DeviceRequest, AppError> {
    if text.len() > MAX_FILE {
        return Err(AppError::value("request", "at most 8,192 bytes"));
    }
    let request = DeviceRequest::open(text).map_err(refused)?;
    if request.issuer != app.keys.issuer {
        return Err(refused("it is for another vendor"));
    }
    Ok(request)
}

/// The answer to a request file, before its certificate is signed.
#[derive(Serialize, Deserialize)]
enum Unsigned {
    Certificate(Issued),
    /// A license file that an earlier release signed.
    File(ActivationId, String),
    Released(ActivationId),
}

impl Unsigned {
    fn sign(self, app: &Shared) -> Result<FileAnswer, AppError> {
        match self {
            Unsigned::Released(activation) => Ok(FileAnswer { activation, file: None }),
            Unsigned::File(activation, file) => Ok(FileAnswer { activation, file: Some(file) }),
            Unsigned::Certificate(issued) => {
                let activation = issued.activation;
                Ok(FileAnswer { activation, file: Some(file(&issued.sign(app)?)?) })
            }
        }
    }
}

/// Answers a request file. The same file gets the same answer while its activation is live.
pub async fn answer_file(
    app: &Shared,
    principal: &Principal,
    asked: &FileRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<FileAnswer>, AppError> {
    let authority = Authority::of(principal, asked.reason.as_deref())?;
    let carried = open(app, &asked.request)?;
    let once = IdempotentRequest::new(request, principal, None);
    let (shared, actor, now) = (app.clone(), principal.actor(), app.now());
    let DeviceRequest { id, product, device_key, wanted, .. } = carried;
    let (name, platform, app_version, fingerprint) = match wanted {
        Wanted::Activation { name, platform, app_version, fingerprint } => {
            (name, platform, app_version, fingerprint)
        }
        Wanted::Release { activation, ratchet, pending } => {
            let (message, use_id) = (app.new_id(), app.new_id());
            let given = ReleaseRequest { activation, ratchet, pending, device_key, message, use_id, now };
            let released =
                once.run(app, move |tx| Ok(Outcome::Done(Unsigned::Released(given.free(tx, &shared)?))));
            return released.await?.try_map(|released: Unsigned| released.sign(app));
        }
    };
    let license =
        asked.license.ok_or_else(|| AppError::value("license", "choose the one the device uses"))?;
    let described = DeviceDescription { key: device_key.into(), name, platform, fingerprint };
    let applicant = DeviceClaim::check(&described, Some(&app_version))?;
    let (fresh, message) = (PregeneratedIds::for_token(app, id), app.new_id::<OutboxId>());
    let answer = once.run(app, move |tx| {
        let license = tx.license_by_id(license)?.ok_or(AppError::from(Code::NotFound))?;
        authority.admit(&license, now)?;
        if let Some(known) = tx.offline_file_by_id(&id)? {
            return Ok(Outcome::Done(repeat(tx, &shared, known, (&license, device_key))?));
        }
        // The file's id becomes the certificate's id.
        if tx.issue_by_token(&id)?.is_some() {
            return Err(Code::RequestFileUsed.into());
        }
        check_product(tx, &license, &product)?;
        let (detail, policy) = (authority.detail(&license), shared.catalog.policy(tx, license.policy)?);
        let seating =
            SeatClaim { app: &shared, applicant: &applicant, license, policy, by: Channel::File, fresh, now };
        let issued = seating.run(tx)?;
        let (activation, answer) = (issued.activation, seal(&shared, &id, &issued)?);
        tx.offline_file_insert(&OfflineFile {
            id,
            activation,
            answer,
            answered_by: actor.clone(),
            answered_at: now,
        })?;
        Event { id: message, at: now, actor: &actor, action: "activation.answer_file" }
            .record(tx, activation, detail);
        Ok(Outcome::Done(Unsigned::Certificate(issued)))
    });
    answer.await?.try_map(|answer: Unsigned| answer.sign(app))
}

fn check_product(tx: &mut Tx<'_>, license: &License, wanted: &str) -> Result<(), AppError> {
    let sold = tx.product_by_id(license.product)?.ok_or_else(|| missing("product"))?;
    if sold.slug == wanted { Ok(()) } else { Err(refused("it belongs to another product")) }
}

/// Repeats the answer to a known file while its activation is live.
fn repeat(
    tx: &mut Tx<'_>,
    app: &Shared,
    known: OfflineFile,
    (license, device_key): (&License, DevicePublicKey),
) -> Result<Unsigned, AppError> {
    let held = tx.activation_by_id(known.activation)?.ok_or_else(|| missing("activation"))?;
    if held.license.id != license.id {
        return Err(AppError::value("license", "this file was used for another license"));
    }
    if !held.activation.status.is_live() || held.device_key != device_key {
        return Err(Code::RequestFileUsed.into());
    }
    if known.answer.starts_with("-----BEGIN") {
        return Ok(Unsigned::File(known.activation, known.answer));
    }
    open_sealed(app, &known.id, &known.answer).map(Unsigned::Certificate)
}

/// Kind of the sealed answer. The server signs the answer after reading it from the database. The seal
/// prevents an attacker who can write the database from choosing what the server signs.
const SEALED: &str = "offline_file";

fn seal(app: &Shared, id: &[u8; 16], issued: &Issued) -> Result<String, AppError> {
    let issued = serde_json::to_vec(issued).map_err(AppError::internal)?;
    Ok(to_base64url(&app.keys.seal(SEALED, id, &issued)))
}

fn open_sealed(app: &Shared, id: &[u8; 16], answer: &str) -> Result<Issued, AppError> {
    let opened = from_base64url(answer).and_then(|sealed| app.keys.open_sealed(SEALED, id, &sealed));
    let opened =
        opened.ok_or_else(|| AppError::internal("the stored answer of a request file is damaged"))?;
    serde_json::from_slice(&opened).map_err(AppError::internal)
}

fn file(activated: &Activated) -> Result<String, AppError> {
    let file = || {
        Some(LicenseFile {
            token: from_base64url(&activated.token)?,
            statements: activated.keys.iter().map(|key| from_base64url(key)).collect::<Option<_>>()?,
            ratchet: array_from_base64url(&activated.ratchet)?,
        })
    };
    Ok(file().ok_or(AppError::from(Code::Internal))?.to_text())
}

/// A device's request to release its seat.
struct ReleaseRequest {
    activation: ActivationId,
    ratchet: [u8; 16],
    pending: Option<[u8; 16]>,
    device_key: DevicePublicKey,
    message: OutboxId,
    use_id: [u8; 16],
    now: Millis,
}

impl ReleaseRequest {
    /// Frees the seat. The device's signature is enough; anyone may upload the file.
    fn free(&self, tx: &mut Tx<'_>, app: &Shared) -> Result<ActivationId, AppError> {
        let details = tx.activation_by_id(self.activation)?.filter(|held| held.device_key == self.device_key);
        let details = details.ok_or(AppError::from(Code::ReleaseFileVoid))?;
        let (activation, license) = (&details.activation, details.license.id);
        if activation.status.is_live() {
            if !activation.ratchet.is_where(&self.ratchet, self.pending) {
                return Err(Code::ReleaseFileVoid.into());
            }
            budget_ledger::release(tx, app, &details, self.use_id, self.now)?;
            release_activation::release(tx, activation, self.now)?;
            let actor = format!("device:{}", activation.device);
            Event { id: self.message, at: self.now, actor: &actor, action: "activation.release" }.record(
                tx,
                activation.id,
                license,
            );
        }
        Ok(self.activation)
    }
}

#[cfg(test)]
mod tests {
    use keystead_protocol::certificate::UntrustedCertificate;
    use keystead_protocol::id::LicenseId;

    use keystead_domain::DAY;
    use keystead_storage::Error;

    use super::*;
    use crate::keys::Rotation;
    use crate::keys::manage_keys::rotate_keys;
    use crate::licensing::refresh_certificate::refresh_certificate;
    use crate::principal::Permission;
    use crate::testing::{Device, PRODUCT, World, on_both, refusal, value};

    fn carried(file: String, license: LicenseId) -> FileRequest {
        FileRequest { request: file, license: Some(license), reason: None }
    }

    async fn answered(
        world: &World,
        principal: &Principal,
        asked: &FileRequest,
    ) -> Result<StoredResponse<FileAnswer>, AppError> {
        answer_file(&world.app, principal, asked, &world.request()).await
    }

    /// The license file in an answer.
    fn license_file(answer: &FileAnswer) -> LicenseFile {
        LicenseFile::parse(answer.file.as_deref().unwrap()).unwrap()
    }

    #[test]
    fn owner_gets_a_certificate_for_the_device_that_wrote_the_file() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let license = world.owned(&owner, |_| {}).await;
            let asked = carried(device.request_file(&world.app, 1, device.wanted_seat()), license);
            let answer = value(answered(&world, &owner.principal(), &asked).await);
            let file = license_file(&answer);
            let certificate = UntrustedCertificate::parse(&file.token).unwrap();
            let certificate = certificate.verify(&world.app.keys.ring(), PRODUCT).unwrap();
            assert_eq!(certificate.claims().device_key, device.public_key());
            assert_eq!(certificate.claims().token_id, [1; 16]);
            assert_eq!(world.license(license).await.seats_used, 1);
            let actions = world.actions(answer.activation).await;
            assert_eq!(actions, ["activation.create", "activation.answer_file"]);
        });
    }

    #[test]
    fn same_file_gets_the_same_answer_while_its_seat_is_held() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let license = world.owned(&owner, |_| {}).await;
            let other = world.owned(&owner, |_| {}).await;
            let principal = owner.principal();
            let asked = carried(device.request_file(&world.app, 1, device.wanted_seat()), license);
            let first = value(answered(&world, &principal, &asked).await);
            assert_eq!(value(answered(&world, &principal, &asked).await), first);
            let elsewhere = FileRequest { license: Some(other), ..asked.clone() };
            assert_eq!(refusal(answered(&world, &principal, &elsewhere).await), Code::ValueNotAllowed);
            let ratchet = license_file(&first).ratchet;
            let wanted = Wanted::Release { activation: first.activation, ratchet, pending: None };
            let release = carried(device.request_file(&world.app, 2, wanted), license);
            assert_eq!(value(answered(&world, &principal, &release).await).file, None);
            assert_eq!(refusal(answered(&world, &principal, &asked).await), Code::RequestFileUsed);
        });
    }

    #[test]
    fn same_file_is_answered_by_the_key_of_its_time_after_a_rotation() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let license = world.owned(&owner, |_| {}).await;
            let asked = carried(device.request_file(&world.app, 1, device.wanted_seat()), license);
            let first = value(answered(&world, &owner.principal(), &asked).await);
            world.pass(3 * DAY).await;
            rotate_keys(&world.app, &Principal::Operator, Rotation::Issuing).await.unwrap();
            let principal = world.sign_in(owner.person.account.clone()).await.principal();
            let second = value(answered(&world, &principal, &asked).await);
            assert_eq!(license_file(&second).token, license_file(&first).token);
            let certificate = UntrustedCertificate::parse(&license_file(&second).token).unwrap();
            certificate.verify(&world.app.keys.ring(), PRODUCT).unwrap();
        });
    }

    #[test]
    fn answer_that_was_written_into_the_database_is_not_signed() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let license = world.owned(&owner, |_| {}).await;
            let asked = carried(device.request_file(&world.app, 1, device.wanted_seat()), license);
            let first = value(answered(&world, &owner.principal(), &asked).await);
            let forged = OfflineFile {
                id: [2; 16],
                activation: first.activation,
                answer: r#"{"activation":"","claims":"oA"}"#.to_owned(),
                answered_by: String::new(),
                answered_at: 0,
            };
            let genuine = world.read(|connection| connection.offline_file_by_id(&[1; 16])).await.unwrap();
            let moved = OfflineFile { id: [3; 16], ..genuine };
            let stored: Result<(), Error> = world
                .app
                .store
                .write(move |tx| {
                    tx.offline_file_insert(&forged)?;
                    tx.offline_file_insert(&moved)
                })
                .await;
            stored.unwrap();
            for number in [2, 3] {
                let asked = carried(device.request_file(&world.app, number, device.wanted_seat()), license);
                let refused = answered(&world, &owner.principal(), &asked).await;
                assert_eq!(refusal(refused), Code::Internal);
            }
        });
    }

    #[test]
    fn release_file_frees_the_seat_once_for_any_bearer() {
        on_both(async |world| {
            let (stranger, device) = (world.customer().await, Device::new(1));
            let key = world.key().await;
            let activated = world.activated(&device, &key).await;
            let ratchet = array_from_base64url(&activated.ratchet).unwrap();
            let activation = activated.activation;
            let wanted = Wanted::Release { activation, ratchet, pending: None };
            let release = FileRequest {
                request: device.request_file(&world.app, 1, wanted),
                license: None,
                reason: None,
            };
            for _ in 0..2 {
                value(answered(&world, &stranger.principal(), &release).await);
            }
            assert_eq!(world.license(activated.license).await.seats_used, 0);
            assert_eq!(world.actions(activation).await, ["activation.create", "activation.release"]);
        });
    }

    #[test]
    fn release_file_is_void_once_the_device_is_in_use_again() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let key = world.key().await;
            let activated = world.linked(&device, &key, &owner).await;
            let (id, ratchet) = (activated.activation, array_from_base64url(&activated.ratchet).unwrap());
            let wanted = |pending| Wanted::Release { activation: id, ratchet, pending };
            let release = async |device: &Device, wanted| {
                let asked = carried(device.request_file(&world.app, 1, wanted), activated.license);
                answered(&world, &owner.principal(), &asked).await
            };
            let asked = device.refresh(&activated.ratchet, 7);
            refresh_certificate(&world.app, id, asked, &world.signed(&device)).await.unwrap();
            assert_eq!(refusal(release(&device, wanted(None)).await), Code::ReleaseFileVoid);
            let thief = device.with_key_of(2);
            assert_eq!(refusal(release(&thief, wanted(Some([7; 16]))).await), Code::ReleaseFileVoid);
            // The device sent the refresh with this value, but received no response.
            value(release(&device, wanted(Some([7; 16]))).await);
        });
    }

    #[test]
    fn file_that_is_not_for_this_vendor_or_product_is_refused() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let license = world.owned(&owner, |_| {}).await;
            let principal = owner.principal();
            let file = device.request_file(&world.app, 1, device.wanted_seat());
            let damaged = carried(file.replace("KEYSTEAD", "OTHER"), license);
            assert_eq!(refusal(answered(&world, &principal, &damaged).await), Code::RequestFileRefused);
            let large = carried("x".repeat(MAX_FILE + 1), license);
            assert_eq!(refusal(answered(&world, &principal, &large).await), Code::ValueNotAllowed);
            let without = FileRequest { license: None, ..carried(file.clone(), license) };
            assert_eq!(refusal(answered(&world, &principal, &without).await), Code::ValueNotAllowed);
            world.define("player").await;
            let key = world.key_of("player", |_| {}).await;
            let link = crate::licensing::link_key::link_key;
            let player = value(link(&world.app, &principal, &key, true, &world.request()).await).id;
            let other = answered(&world, &principal, &carried(file, player)).await;
            assert_eq!(refusal(other), Code::RequestFileRefused);
        });
    }

    #[test]
    fn vendor_gives_a_reason_and_a_revoked_token_answers_nothing() {
        on_both(async |world| {
            let (owner, device) = (world.customer().await, Device::new(1));
            let support = world.vendor(&[Permission::Support]).await;
            let license = world.owned(&owner, |rules| rules.seats = 2).await;
            let mut asked = carried(device.request_file(&world.app, 1, device.wanted_seat()), license);
            assert_eq!(refusal(answered(&world, &support, &asked).await), Code::ValueNotAllowed);
            asked.reason = Some("a call".to_owned());
            let answer = value(answered(&world, &support, &asked).await);
            let audit = world.audit(answer.activation).await;
            assert_eq!(audit.last().unwrap().detail, format!("{license}: a call"));
            world.revoke(&support).await;
            assert_eq!(refusal(answered(&world, &support, &asked).await), Code::TokenExpired);
        });
    }
}
