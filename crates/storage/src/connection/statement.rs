//! Macros for `INSERT` and `UPDATE` statements. The caller writes each column next to its value; the macro
//! numbers the placeholders.

/// Inserts a row: `insert!(tx.change, "product" { id: id.as_bytes(), slug: slug })`. A literal after the
/// braces, such as `ON CONFLICT … DO NOTHING`, is appended to the statement.
macro_rules! insert {
    ($tx:ident.$run:ident, $table:literal { $($column:ident: $value:expr),+ $(,)? } $($rest:literal)?) => {{
        static SQL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
            $crate::connection::statement::insert_sql($table, &[$(stringify!($column)),+], concat!($($rest)?))
        });
        $tx.$run(SQL.as_str(), $crate::connection::param::params![$($value),+])
    }};
}
pub(crate) use insert;

/// Updates the rows with a key: `update!(tx.change, "device" { id: id.as_bytes() } set { name: name })`. A
/// literal after the braces, such as `AND ended_at IS NULL`, is an additional condition.
macro_rules! update {
    (
        $tx:ident.$run:ident, $table:literal { $($key:ident: $is:expr),+ $(,)? }
        set { $($column:ident: $value:expr),+ $(,)? } $($rest:literal)?
    ) => {{
        static SQL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
            let (keys, columns) = (&[$(stringify!($key)),+], &[$(stringify!($column)),+]);
            $crate::connection::statement::update_sql($table, keys, columns, concat!($($rest)?))
        });
        $tx.$run(SQL.as_str(), $crate::connection::param::params![$($is,)+ $($value),+])
    }};
}
pub(crate) use update;

pub(crate) fn insert_sql(table: &str, columns: &[&str], rest: &str) -> String {
    let placeholders: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    let (columns, placeholders) = (columns.join(", "), placeholders.join(", "));
    format!("INSERT INTO {table} ({columns}) VALUES ({placeholders}) {rest}").trim_end().to_owned()
}

pub(crate) fn update_sql(table: &str, keys: &[&str], columns: &[&str], rest: &str) -> String {
    let assign = |names: &[&str], after: usize, between: &str| {
        let each = names.iter().enumerate().map(|(at, name)| format!("{name} = ${}", after + at + 1));
        each.collect::<Vec<_>>().join(between)
    };
    let (set, condition) = (assign(columns, keys.len(), ", "), assign(keys, 0, " AND "));
    format!("UPDATE {table} SET {set} WHERE {condition} {rest}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_follow_the_order_of_the_columns() {
        assert_eq!(
            insert_sql("device", &["id", "name"], "ON CONFLICT (id) DO NOTHING"),
            "INSERT INTO device (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"
        );
        assert_eq!(
            update_sql("session", &["id", "account_id"], &["ended_at"], "AND ended_at IS NULL"),
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL"
        );
    }
}
