//! Whether the time of an answer tells what its text does not: the same question about an address that has an account and one
//! that has none, in turns.

use std::time::Instant;

use anyhow::Context as _;
use keystead_trials::{Browser, Server};

/// A form and the name of what it asks.
type Question = (&'static str, &'static str, fn(&str) -> Vec<(&'static str, String)>);

const QUESTIONS: [Question; 3] = [
    ("sign_in", "/sign-in", |email| {
        vec![("email", email.to_owned()), ("password", "a wrong password, surely".to_owned())]
    }),
    ("sign_up", "/sign-up", |email| {
        let fields = [("email", email), ("name", "Person"), ("password", "violet teapot on a ladder")];
        fields.map(|(name, value)| (name, value.to_owned())).to_vec()
    }),
    ("recover", "/recover", |email| vec![("email", email.to_owned())]),
];

/// Asks each question `tries` times about both addresses; whether all medians lie within 5 % of each other.
pub fn run(server: &Server, tries: usize) -> anyhow::Result<bool> {
    let (known, unknown) = ("known@example.org", "other@example.org");
    Browser::new(&server.url()).sign_up(&server.mailbox(), known)?;
    let browser = Browser::new(&server.url());
    let mut all_alike = true;
    println!("{:<10} {:>12} {:>12}  {:>7}  bound", "question", "known", "unknown", "ratio");
    for (name, path, fields) in QUESTIONS {
        let mut took = [Vec::new(), Vec::new()];
        for turn in 0..tries {
            // What one question leaves to do meets the next one: known after unknown as often as the other way round.
            for which in [turn % 2, 1 - turn % 2] {
                let (email, took) = ([known, unknown][which], &mut took[which]);
                let fields = fields(email);
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let began = Instant::now();
                let (status, page) = browser.submit(path, &fields)?;
                took.push(began.elapsed().as_secs_f64() * 1e3);
                anyhow::ensure!(matches!(status, 200 | 401), "{path}: {status} {page}");
            }
        }
        let [known, unknown] = took.map(crate::median);
        let ratio = known.max(unknown) / known.min(unknown);
        let verdict = if ratio <= 1.05 { "kept" } else { "MISSED" };
        all_alike &= ratio <= 1.05;
        println!("{name:<10} {known:>9.3} ms {unknown:>9.3} ms  {ratio:>7.3}  <= 1.05 {verdict}");
    }
    Ok(all_alike)
}

/// How often, from the command line.
pub fn tries(argument: Option<String>) -> anyhow::Result<usize> {
    argument.context("how many tries?")?.parse().context("how many tries?")
}
