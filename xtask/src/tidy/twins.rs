//! Finds twins: the same sequence of tokens at two places, over more than a few lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Item;

use super::syntax::Parsed;
use super::{Source, shrinking};

/// The exceptions. Each line is two files and the number of lines that they share.
const LIST: &str = "xtask/tidy/twins.txt";

/// Maximum number of equal lines. Longer sequences are twins. Lines that differ in a literal are not counted, so
/// tables of data are not twins.
const MAX_LINES: usize = 8;

/// Minimum number of equal tokens of a candidate. Nine lines have more tokens than this.
const WINDOW: usize = 30;

struct Token {
    text: String,
    is_literal: bool,
    line: usize,
}

impl Token {
    /// Whether the tokens are equal. All literals count as equal.
    fn is_like(&self, other: &Self) -> bool {
        self.text == other.text || (self.is_literal && other.is_literal)
    }

    fn shape(&self) -> &str {
        if self.is_literal { "literal" } else { &self.text }
    }
}

struct Twin {
    first: (usize, usize),
    second: (usize, usize),
    lines: usize,
}

/// Checks that the list contains exactly the pairs of files that share code, with the number of lines.
pub fn check(parsed: &[Parsed], sources: &[Source]) -> Vec<String> {
    let files: Vec<Vec<Token>> = parsed.iter().map(|file| tokens(&file.items)).collect();
    let mut shared: BTreeMap<(&str, &str), (usize, Vec<String>)> = BTreeMap::new();
    for twin in twins(&files) {
        let (a, b) = (twin.first.0, twin.second.0);
        let (lines, places) = shared.entry((&parsed[a].path, &parsed[b].path)).or_default();
        *lines += twin.lines;
        let line = |(file, at): (usize, usize)| files[file][at].line;
        places.push(format!("{} = {}", line(twin.first), line(twin.second)));
    }
    let found: BTreeSet<String> =
        shared.iter().map(|((a, b), (lines, _))| format!("{a} {b} {lines} lines")).collect();
    let mut complaints =
        shrinking::compare(sources, LIST, &found, "the same code twice; share it or tell it apart");
    for ((a, b), (_, places)) in &shared {
        for complaint in complaints.iter_mut().filter(|text| text.starts_with(&format!("{a} {b} "))) {
            complaint.push_str(&format!(" (lines {})", places.join(", ")));
        }
    }
    complaints
}

/// The tokens of a file, without imports and documentation.
fn tokens(items: &[Item]) -> Vec<Token> {
    let mut found = Vec::new();
    for item in items.iter().filter(|item| !matches!(item, Item::Use(_))) {
        flatten(item.to_token_stream(), &mut found);
    }
    found
}

fn flatten(stream: TokenStream, found: &mut Vec<Token>) {
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let line = token.span().start().line;
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' && tokens.peek().is_some_and(is_doc) => {
                tokens.next();
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let end = group.span_close().end().line;
                found.push(Token { text: open.into(), is_literal: false, line });
                flatten(group.stream(), found);
                found.push(Token { text: close.into(), is_literal: false, line: end });
            }
            other => {
                let is_literal = matches!(other, TokenTree::Literal(_));
                found.push(Token { text: other.to_string(), is_literal, line });
            }
        }
    }
}

fn is_doc(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

fn twins(files: &[Vec<Token>]) -> Vec<Twin> {
    let mut seen: HashMap<Vec<&str>, Vec<(usize, usize)>> = HashMap::new();
    let mut found = Vec::new();
    for (file, tokens) in files.iter().enumerate() {
        for (at, window) in tokens.windows(WINDOW).enumerate() {
            let window: Vec<&str> = window.iter().map(Token::shape).collect();
            let places = seen.entry(window).or_default();
            for place in places.iter() {
                found.extend(longest(files, *place, (file, at)));
            }
            places.push((file, at));
        }
    }
    found
}

/// The twin that begins at two positions. `None` if the equal code begins earlier or is too short.
fn longest(files: &[Vec<Token>], first: (usize, usize), second: (usize, usize)) -> Option<Twin> {
    let (a, b) = (&files[first.0], &files[second.0]);
    let before = (first.1.checked_sub(1), second.1.checked_sub(1));
    if let (Some(x), Some(y)) = before
        && a[x].is_like(&b[y])
    {
        return None;
    }
    // In one file, the two sequences must not overlap.
    let room = if first.0 == second.0 { second.1 - first.1 } else { usize::MAX };
    let pairs = a[first.1..].iter().zip(&b[second.1..]).take(room);
    let twin: Vec<_> = pairs.take_while(|(x, y)| x.is_like(y)).collect();
    let lines = equal_lines(&twin);
    (lines > MAX_LINES).then_some(Twin { first, second, lines })
}

fn equal_lines(twin: &[(&Token, &Token)]) -> usize {
    let lines = |pairs: &mut dyn Iterator<Item = &(&Token, &Token)>| -> BTreeSet<usize> {
        pairs.map(|(first, _)| first.line).collect()
    };
    let different = lines(&mut twin.iter().filter(|(first, second)| first.text != second.text));
    lines(&mut twin.iter()).difference(&different).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::syntax;

    fn complaints(a: &str, b: &str, list: &str) -> Vec<String> {
        let sources = [
            Source { path: "crates/a/src/lib.rs".into(), text: a.into() },
            Source { path: "crates/b/src/lib.rs".into(), text: b.into() },
            Source { path: LIST.into(), text: list.into() },
        ];
        check(&syntax::parse(&sources).0, &sources)
    }

    fn function(name: &str, lines: usize, number: u8) -> String {
        let body: String = (0..lines).map(|line| format!("    call_{line}(value, {number});\n")).collect();
        format!("fn {name}(value: u8) {{\n{body}}}\n")
    }

    #[test]
    fn more_than_eight_lines_are_twins() {
        let (a, b) = (function("a", 8, 1), function("b", 8, 1));
        let complaints = complaints(&a, &b, "");
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].starts_with("crates/a/src/lib.rs crates/b/src/lib.rs 10 lines: "));
        assert!(complaints[0].ends_with("(lines 1 = 1)"));
        let listed = super::tests::complaints(&a, &b, "crates/a/src/lib.rs crates/b/src/lib.rs 10 lines");
        assert_eq!(listed, Vec::<String>::new());
    }

    #[test]
    fn other_literals_make_no_other_code_and_tables_of_data_are_none() {
        let changed = function("b", 12, 1).replace("call_5(value, 1)", "call_5(value, 2)");
        let complaints = complaints(&function("a", 12, 1), &changed, "");
        assert!(complaints[0].starts_with("crates/a/src/lib.rs crates/b/src/lib.rs 13 lines: "));
        let table = |first: usize| -> String {
            let rows: String = (first..first + 20).map(|n| format!("    (\"{n}\", {n}),\n")).collect();
            format!("const TABLE: [(&str, u8); 20] = [\n{rows}];\n")
        };
        assert_eq!(super::tests::complaints(&table(0), &table(50), ""), Vec::<String>::new());
    }

    #[test]
    fn eight_lines_imports_and_documentation_are_none() {
        let (a, b) = (function("a", 6, 1), function("b", 6, 1));
        assert_eq!(complaints(&a, &b, ""), Vec::<String>::new());
        let imports: String = (0..20).map(|n| format!("use a::b{n};\n")).collect();
        let text: String = (0..20).map(|n| format!("/// Line {n} of an explanation.\n")).collect();
        let file = |name: &str| format!("{imports}\n{text}struct {name};");
        assert_eq!(complaints(&file("A"), &file("B"), ""), Vec::<String>::new());
    }

    #[test]
    fn twins_in_one_file_are_found() {
        let code = function("a", 9, 1) + &function("b", 9, 1);
        let complaints = complaints(&code, "", "");
        assert!(complaints[0].starts_with("crates/a/src/lib.rs crates/a/src/lib.rs 11 lines: "));
    }
}
