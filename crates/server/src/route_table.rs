//! Routes as a table, from which the router is built. Tests read the same table.

/// Defines `PATHS`, all paths of the table, and `router`, which serves them.
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
