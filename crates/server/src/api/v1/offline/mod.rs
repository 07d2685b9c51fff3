pub mod answer;
pub mod confirm;
pub mod open;
pub mod release;
