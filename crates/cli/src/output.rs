//! Sentences for people, JSON for scripts.

use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use keystead::Error;
use serde::Serialize;

/// How to write.
pub struct Output {
    /// JSON in place of sentences.
    pub json: bool,
}

impl Output {
    /// A result: its sentence, or itself as JSON.
    pub fn result(&self, value: &impl Serialize, sentence: impl FnOnce() -> String) {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
        } else {
            println!("{}", sentence());
        }
    }

    /// A note for people; silent for scripts.
    pub fn say(&self, sentence: &str) {
        if !self.json {
            println!("{sentence}");
        }
    }

    /// An error: what is the matter and what to do, the code below.
    pub fn error(&self, error: &Error) {
        if self.json {
            eprintln!("{}", serde_json::to_string_pretty(&error.to_json()).unwrap_or_default());
            return;
        }
        eprintln!("{error}");
        eprintln!("{}", error.next_action);
        eprintln!("{}", error.reference());
    }

    /// A list, or what to do when it is empty.
    pub fn table(&self, header: &[&str], rows: Vec<Vec<String>>, empty: &str) -> String {
        if rows.is_empty() {
            return empty.to_owned();
        }
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(header.to_vec()).add_rows(rows);
        table.to_string()
    }
}
