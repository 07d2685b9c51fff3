//! Checks that `docs/SECURITY.md` answers every requirement of OWASP ASVS 5.0.0, levels 1 and 2, and that its totals
//! are correct.

use std::collections::BTreeSet;
use std::fmt;

use super::Source;

const DOC: &str = "docs/SECURITY.md";

/// Number of requirements of levels 1 and 2 in the chapters V1 to V17.
const CHAPTERS: [usize; 17] = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

/// At most one of this many applicable requirements may be unmet.
const ONE_IN: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Held,
    NotApplicable,
    Not,
}

struct Row<'a> {
    line: usize,
    id: &'a str,
    chapter: usize,
    status: Option<Status>,
    how: &'a str,
}

impl<'a> Row<'a> {
    /// Parses `| V1.2.3 | requirement | answer | evidence |`. Other lines are not rows.
    fn parse(line: usize, text: &'a str) -> Option<Self> {
        let mut cells = text.strip_prefix("| V")?.split(" | ");
        let id = cells.next()?;
        let chapter = id.split('.').next()?.parse().ok()?;
        if id.split('.').count() != 3 {
            return None;
        }
        let _what = cells.next()?;
        let status = match cells.next()? {
            "held" => Some(Status::Held),
            "n.a." => Some(Status::NotApplicable),
            "not" => Some(Status::Not),
            _ => None,
        };
        let how = cells.next()?.strip_suffix('|')?.trim();
        Some(Self { line, id, chapter, status, how })
    }

    /// Whether the evidence names a file, a command or a section of the page.
    fn names_a_place(&self) -> bool {
        let is_place =
            |word: &str| word.contains('/') || word.starts_with("cargo ") || word.starts_with("Cargo.");
        self.how.split('`').skip(1).step_by(2).any(is_place) || self.how.contains("](#")
    }
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    held: usize,
    not_applicable: usize,
    not: usize,
}

impl Count {
    fn of<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> Self {
        let mut count = Self::default();
        for row in rows {
            match row.status {
                Some(Status::Held) => count.held += 1,
                Some(Status::NotApplicable) => count.not_applicable += 1,
                Some(Status::Not) => count.not += 1,
                None => {}
            }
        }
        count
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.held + self.not_applicable + self.not;
        write!(f, "{all} | {} | {} | {} |", self.held, self.not, self.not_applicable)
    }
}

/// Checks that every requirement is answered once, that the totals are correct, and that few requirements are unmet.
pub fn every_requirement_is_answered(sources: &[Source]) -> Vec<String> {
    let Some(doc) = sources.iter().find(|source| source.path == DOC) else {
        return vec![format!("{DOC} is missing")];
    };
    check(&doc.text).into_iter().map(|complaint| format!("{DOC}{complaint}")).collect()
}

fn check(text: &str) -> Vec<String> {
    let rows: Vec<Row<'_>> =
        text.lines().enumerate().filter_map(|(at, line)| Row::parse(at + 1, line)).collect();
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for row in &rows {
        if !seen.insert(row.id) {
            complaints.push(format!(":{}: V{} is there twice", row.line, row.id));
        }
        match row.status {
            None => complaints.push(format!(":{}: V{} is neither held, n.a. nor not", row.line, row.id)),
            Some(Status::Held) if !row.names_a_place() => {
                complaints.push(format!(":{}: V{} says that it is held, and not where", row.line, row.id));
            }
            _ if row.how.is_empty() => complaints.push(format!(":{}: V{} says no more", row.line, row.id)),
            _ => {}
        }
    }
    let mut expect = |name: String, rows: Count| {
        let line = format!("| {name} | {rows}");
        if !text.lines().any(|found| found == line) {
            complaints.push(format!(": the summary lacks the line {line}"));
        }
    };
    for chapter in 1..=CHAPTERS.len() {
        expect(format!("V{chapter}"), Count::of(rows.iter().filter(|row| row.chapter == chapter)));
    }
    let all = Count::of(rows.iter());
    expect("all".to_owned(), all);
    for (chapter, wanted) in (1..).zip(CHAPTERS) {
        let found = rows.iter().filter(|row| row.chapter == chapter).count();
        if found != wanted {
            complaints.push(format!(": V{chapter} has {found} rows instead of {wanted}"));
        }
    }
    if all.not * ONE_IN > all.held + all.not {
        complaints.push(format!(": {} requirements are not met; one in {ONE_IN} is the most", all.not));
    }
    complaints
}

/// Checks that every test function that the page names exists in the code.
pub fn the_tests_it_names_exist(sources: &[Source]) -> Vec<String> {
    let Some(doc) = sources.iter().find(|source| source.path == DOC) else { return Vec::new() };
    let code = || sources.iter().filter(|source| !source.path.ends_with(".md"));
    let is_name = |word: &&str| {
        word.matches('_').count() >= 3
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let names: BTreeSet<&str> = doc.text.split('`').skip(1).step_by(2).filter(is_name).collect();
    names
        .into_iter()
        .filter(|name| !code().any(|source| source.text.contains(name)))
        .map(|name| format!("{DOC}: `{name}` is nowhere in the code"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page that answers every requirement; `first` is the row of `V1.1.1`.
    fn page(first: &str) -> String {
        let mut text = String::new();
        for (chapter, rows) in (1..).zip(CHAPTERS) {
            for row in 1..=rows {
                let id = format!("V{chapter}.1.{row}");
                text +=
                    &if id == "V1.1.1" { first.to_owned() } else { format!("| {id} | x | held | `x/y` |\n") };
            }
        }
        let rows: Vec<Row<'_>> =
            text.lines().enumerate().filter_map(|(at, line)| Row::parse(at, line)).collect();
        let sums: String = (1..=CHAPTERS.len())
            .map(|chapter| {
                let count = Count::of(rows.iter().filter(|row| row.chapter == chapter));
                format!("| V{chapter} | {count}\n")
            })
            .collect();
        let all = Count::of(rows.iter());
        text + &sums + &format!("| all | {all}\n")
    }

    #[test]
    fn a_page_that_answers_everything_is_fine() {
        assert_eq!(check(&page("| V1.1.1 | x | n.a. | there is none |\n")), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_twice_unanswered_or_unproven_is_told() {
        for (first, wanted) in [
            ("", "V1 has 26 rows"),
            ("| V1.1.2 | x | held | `x/y` |\n", "V1.1.2 is there twice"),
            ("| V1.1.1 | x | perhaps | `x/y` |\n", "V1.1.1 is neither"),
            ("| V1.1.1 | x | held | trust us |\n", "V1.1.1 says that it is held"),
        ] {
            let complaints = check(&page(first));
            assert!(complaints.iter().any(|complaint| complaint.contains(wanted)), "{first}: {complaints:?}");
        }
    }

    #[test]
    fn no_more_than_one_in_ten_may_be_missing() {
        let page = page("").replace(" | held | ", " | not | ");
        assert!(check(&page).iter().any(|complaint| complaint.contains("is the most")));
    }
}
