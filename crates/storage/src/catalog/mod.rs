//! The vendor's catalog: products, editions, policies and product keys.

pub(crate) mod edition;
pub(crate) mod key_batch;
pub(crate) mod policy;
pub(crate) mod product;
pub(crate) mod product_key;
pub(crate) mod tenant;
