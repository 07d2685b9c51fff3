//! Output in sentences, or in JSON for scripts.

use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use keystead::Error;
use serde::Serialize;

/// The help's heading of the options that every command has.
pub const GLOBAL_OPTIONS: &str = "Global options";

/// The output format.
pub struct Output {
    /// Print JSON instead of sentences.
    pub json: bool,
}

impl Output {
    /// Prints a result, as a sentence or as JSON.
    pub fn result(&self, value: &impl Serialize, sentence: impl FnOnce() -> String) {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
        } else {
            println!("{}", sentence());
        }
    }

    /// Prints a note. Prints nothing in JSON mode.
    pub fn note(&self, sentence: &str) {
        if !self.json {
            println!("{sentence}");
        }
    }

    /// Prints an error: the cause, what to do, and the code.
    pub fn error(&self, error: &Error) {
        if self.json {
            eprintln!("{}", serde_json::to_string_pretty(&error.to_json()).unwrap_or_default());
            return;
        }
        eprintln!("{error}");
        eprintln!("{}", error.next_action);
        eprintln!("{}", error.reference());
    }

    /// Formats a table. Without rows, returns the text `empty`.
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
