//! The column lists of the queries, for comparison with the schema.

use crate::accounts::account::account_columns;
use crate::accounts::passkey::passkey_columns;
use crate::accounts::upstream_identity::identity_columns;
use crate::accounts::web_session::web_session_columns;
use crate::catalog::edition::edition_columns;
use crate::catalog::policy::policy_columns;
use crate::catalog::product::product_columns;
use crate::licensing::activation::activation_columns;
use crate::licensing::device::device_columns;
use crate::licensing::license::license_columns;
use crate::oauth::api_token::api_token_columns;
use crate::oauth::app_session::app_session_columns;
use crate::oauth::device_grant::grant_columns;

const LISTS: [(&str, &str); 13] = [
    ("account", account_columns!()),
    ("activation", activation_columns!()),
    ("api_token", api_token_columns!()),
    ("app_session", app_session_columns!()),
    ("device", device_columns!()),
    ("device_grant", grant_columns!()),
    ("edition", edition_columns!()),
    ("license", license_columns!()),
    ("passkey", passkey_columns!()),
    ("policy", policy_columns!()),
    ("product", product_columns!()),
    ("upstream_identity", identity_columns!()),
    ("web_session", web_session_columns!()),
];

/// The columns in these lists, as `table.column`.
pub fn columns_read() -> Vec<String> {
    let names = |(table, list): (&'static str, &'static str)| {
        list.split(", ").map(move |column| {
            let column = column.split(" AS ").next().unwrap_or(column);
            let name = column.split_once('.').map_or(column, |(_, name)| name);
            format!("{table}.{name}")
        })
    };
    LISTS.into_iter().flat_map(names).collect()
}
