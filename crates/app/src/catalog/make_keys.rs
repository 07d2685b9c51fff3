//! Creates a batch of product keys as a stream. Each portion is sent after it is stored.

use keystead_protocol::Code;
use keystead_protocol::api::{KeyBatchLine, KeyBatchRequest};
use keystead_protocol::id::{KeyBatchId, OutboxId};
use keystead_storage::{KeyBatch, Product, ProductKeyStatus};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::audit::Event;
use crate::catalog::{list_catalog, mint};
use crate::context::Shared;
use crate::credential::Credential;
use crate::error::AppError;
use crate::principal::{Permission, Principal};

/// Maximum number of keys per transaction. Each line contains the keys of one transaction.
const PORTION: u32 = 500;

/// Starts a batch. The channel delivers its lines while keys are created. Dropping the receiver stops the
/// creation.
pub async fn make_keys(
    app: &Shared,
    principal: &Principal,
    of: String,
    asked: KeyBatchRequest,
) -> Result<mpsc::Receiver<KeyBatchLine>, AppError> {
    principal.require(Permission::Keys)?;
    if !(1..=1_000_000).contains(&asked.count) {
        return Err(AppError::value("count", "from 1 to 1,000,000"));
    }
    if asked.note.chars().count() > 200 || asked.note.contains(char::is_control) {
        return Err(AppError::value("note", "at most 200 characters, none of them a control character"));
    }
    let product = list_catalog::product(app, of).await?;
    let (id, now, message, actor) =
        (app.new_id::<KeyBatchId>(), app.now(), app.new_id::<OutboxId>(), principal.actor());
    let principal = Credential::from(principal);
    let (product_id, count) = (product.id, asked.count);
    app.write_as(principal.clone(), move |tx| {
        let edition =
            tx.editions_of_product(product_id)?.into_iter().find(|edition| edition.slug == asked.edition);
        let policy =
            tx.policies_of_product(product_id)?.into_iter().find(|policy| policy.slug == asked.policy);
        let (Some(edition), Some(policy)) = (edition, policy) else {
            return Err(AppError::with_detail(Code::NotFound, "the product has no such edition or policy"));
        };
        tx.key_batch_insert(&KeyBatch {
            id,
            product: product_id,
            edition: edition.id,
            policy: policy.id,
            requested: count,
            note: asked.note.clone(),
            created_at: now,
        })?;
        Event { id: message, at: now, actor: &actor, action: "keys.make" }.record(tx, id, count);
        Ok(())
    })
    .await?;
    let (lines, receiver) = mpsc::channel(2);
    let batch = Batch { principal, product, id };
    tokio::spawn(fill(app.clone(), batch, count, lines).in_current_span());
    Ok(receiver)
}

/// A batch in progress.
struct Batch {
    principal: Credential,
    product: Product,
    id: KeyBatchId,
}

async fn fill(app: Shared, batch: Batch, count: u32, lines: mpsc::Sender<KeyBatchLine>) {
    if lines.send(KeyBatchLine::Batch(batch.id)).await.is_err() {
        return;
    }
    let mut made = 0;
    while made < count {
        let line = match portion(&app, &batch, PORTION.min(count - made)).await {
            Ok(keys) => {
                made += u32::try_from(keys.len()).unwrap_or_default();
                KeyBatchLine::Keys(keys)
            }
            Err(error) => {
                error.log();
                let _ = lines.send(KeyBatchLine::Failed(error.code().name().to_owned())).await;
                return;
            }
        };
        if lines.send(line).await.is_err() {
            return;
        }
    }
    let _ = lines.send(KeyBatchLine::Done(made)).await;
}

async fn portion(app: &Shared, batch: &Batch, size: u32) -> Result<Vec<String>, AppError> {
    let (shared, code, id, now) = (app.clone(), batch.product.code, batch.id, app.now());
    app.write_as(batch.principal.clone(), move |tx| {
        let mut keys = Vec::with_capacity(size as usize);
        while keys.len() < size as usize {
            let key = mint::product_key(&shared, code);
            if tx.product_key_insert(&mint::stored(&shared, key, id, ProductKeyStatus::Issued { at: now }))? {
                keys.push(key.to_string());
            }
        }
        Ok(keys)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PRODUCT, World, on_both, refusal};

    fn batch(policy: &str, count: u32) -> KeyBatchRequest {
        let (edition, policy) = ("pro".to_owned(), policy.to_owned());
        KeyBatchRequest { edition, policy, count, note: "for a shop".to_owned() }
    }

    /// The slug of an existing policy of the product.
    async fn policy(world: &World) -> String {
        world.key().await;
        let operator = Principal::Operator;
        let policies = list_catalog::list_policies(&world.app, &operator, PRODUCT.to_owned()).await;
        policies.unwrap().remove(0).slug
    }

    async fn made(
        world: &World,
        principal: &Principal,
        asked: KeyBatchRequest,
    ) -> Result<Vec<KeyBatchLine>, AppError> {
        let mut receiver = make_keys(&world.app, principal, PRODUCT.to_owned(), asked).await?;
        let mut lines = Vec::new();
        while let Some(line) = receiver.recv().await {
            lines.push(line);
        }
        Ok(lines)
    }

    #[test]
    fn batch_tells_its_id_then_its_keys_then_their_number() {
        on_both(async |world| {
            let policy = policy(&world).await;
            let vendor = world.vendor(&[Permission::Keys]).await;
            let lines = made(&world, &vendor, batch(&policy, PORTION + 1)).await.unwrap();
            let [KeyBatchLine::Batch(id), KeyBatchLine::Keys(first), KeyBatchLine::Keys(rest), last] =
                lines.as_slice()
            else {
                panic!("{} lines", lines.len());
            };
            assert_eq!((first.len(), rest.len()), (PORTION as usize, 1));
            assert!(matches!(last, KeyBatchLine::Done(count) if *count == PORTION + 1));
            let audit = world.audit(id).await;
            let event = audit.first().unwrap();
            assert_eq!((event.action.as_str(), event.detail.as_str()), ("keys.make", "501"));
            assert_eq!(event.actor, vendor.actor());
            let key = world.app.keys.index(rest[0].parse().unwrap());
            let stored = world.read(move |connection| connection.product_key_by_index(&key)).await.unwrap();
            assert_eq!(stored.batch, *id);
        });
    }

    #[test]
    fn token_revoked_meanwhile_ends_the_batch_before_its_next_keys() {
        on_both(async |world| {
            let policy = policy(&world).await;
            let vendor = world.vendor(&[Permission::Keys]).await;
            let asked = batch(&policy, 100 * PORTION);
            let mut lines = make_keys(&world.app, &vendor, PRODUCT.to_owned(), asked).await.unwrap();
            assert!(matches!(lines.recv().await, Some(KeyBatchLine::Batch(_))));
            world.revoke(&vendor).await;
            let mut last = None;
            while let Some(line) = lines.recv().await {
                last = Some(line);
            }
            assert!(matches!(last, Some(KeyBatchLine::Failed(code)) if code == Code::TokenExpired.name()));
        });
    }

    #[test]
    fn batch_of_an_unknown_kind_is_not_found() {
        on_both(async |world| {
            let (policy, operator) = (policy(&world).await, Principal::Operator);
            assert_eq!(refusal(made(&world, &operator, batch("unknown", 1)).await), Code::NotFound);
            let edition = KeyBatchRequest { edition: "unknown".to_owned(), ..batch(&policy, 1) };
            assert_eq!(refusal(made(&world, &operator, edition).await), Code::NotFound);
            let of = "unknown".to_owned();
            let product = make_keys(&world.app, &operator, of, batch(&policy, 1)).await;
            assert_eq!(refusal(product), Code::NotFound);
        });
    }

    #[test]
    fn batch_needs_its_permission_and_values_within_limits() {
        on_both(async |world| {
            let (policy, operator) = (policy(&world).await, Principal::Operator);
            let vendor = world.vendor(&[Permission::Catalog]).await;
            assert_eq!(refusal(made(&world, &vendor, batch(&policy, 1)).await), Code::PermissionMissing);
            for count in [0, 1_000_001] {
                let refused = made(&world, &operator, batch(&policy, count)).await;
                assert_eq!(refusal(refused), Code::ValueNotAllowed);
            }
            let noted = KeyBatchRequest { note: "two\nlines".to_owned(), ..batch(&policy, 1) };
            assert_eq!(refusal(made(&world, &operator, noted).await), Code::ValueNotAllowed);
        });
    }
}
