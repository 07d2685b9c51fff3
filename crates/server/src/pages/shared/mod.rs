//! Shared by all pages: frame, visitor, forms, labels and error pages.

pub mod assets;
pub mod error_page;
pub mod form;
pub mod labels;
pub mod page;
pub mod page_context;
