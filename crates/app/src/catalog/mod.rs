//! The vendor's catalog: products, editions, policies and product keys.

pub mod define_edition;
pub mod define_policy;
pub mod define_product;
pub mod immutable_cache;
pub mod list_catalog;
pub mod make_keys;
pub mod mint;
pub mod rules;
pub mod show_app_profile;
pub mod view;
