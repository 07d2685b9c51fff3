//! Creates a batch of product keys as a stream. Each portion is sent after it was stored.

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

/// Maximum number of keys per transaction. A line of keys contains those of one transaction.
const PORTION: u32 = 500;

/// Starts a batch. Its lines arrive over the channel while keys are created. Creation stops when the receiver is
/// dropped.
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
