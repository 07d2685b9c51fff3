//! A table of routes. The router is built from the table, and tests read it.

/// Defines `PATHS` with all paths of the table, and the function `router` with their handlers.
macro_rules! route_table {
    ($($path:literal => $handler:expr,)*) => {
        /// Every path of this router.
        pub const PATHS: &[&str] = &[$($path),*];

        /// The router of [`PATHS`].
        pub fn router() -> axum::Router<keystead_app::context::Shared> {
            axum::Router::new()$(.route($path, $handler))*
        }
    };
}

pub(crate) use route_table;
