//! The widgets of the pages.

mod button;
mod card;
mod icon;
mod key_field;
mod notice;
mod qr;
mod text;

pub(crate) use button::{ButtonStyle, button, link, named_button};
pub(crate) use card::{Card, Expander, explanations, fact_row, group};
pub(crate) use icon::Icon;
pub(crate) use key_field::key_field;
pub(crate) use notice::{notice, progress};
pub(crate) use qr::Qr;
pub(crate) use text::{field, heading, muted, paragraph, section};
