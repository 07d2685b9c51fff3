//! Lists of exceptions that can only shrink, because an unneeded entry is a complaint.

use std::collections::BTreeSet;

use super::Source;

/// The entries of the list at `path`: its lines, without comments.
pub fn entries<'a>(sources: &'a [Source], path: &str) -> BTreeSet<&'a str> {
    let text = sources.iter().find(|source| source.path == path).map_or("", |source| &source.text);
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Complains about findings that are not listed and about entries without a finding.
pub fn compare(sources: &[Source], path: &str, found: &BTreeSet<String>, rule: &str) -> Vec<String> {
    let listed = entries(sources, path);
    let new = found.iter().filter(|entry| !listed.contains(entry.as_str()));
    let stale = listed.iter().filter(|entry| !found.contains(**entry));
    new.map(|entry| format!("{entry}: {rule}"))
        .chain(stale.map(|entry| format!("{path}: remove `{entry}`; it is not needed any more")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_exceptions_and_stale_entries_are_refused() {
        let list = Source { path: "list".into(), text: "# why\n\nkept\nstale\n".into() };
        let found = BTreeSet::from(["kept".to_owned(), "new".to_owned()]);
        let complaints = compare(&[list], "list", &found, "is not allowed");
        assert_eq!(complaints, ["new: is not allowed", "list: remove `stale`; it is not needed any more"]);
    }
}
