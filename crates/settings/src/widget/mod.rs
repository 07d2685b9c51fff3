//! The few parts that pages are made of.

mod button;
mod card;
mod icon;
mod key_field;
mod notice;
mod qr;
mod text;

pub(crate) use button::{Look, button, link, named_button};
pub(crate) use card::{Card, Expander, fact, group};
pub(crate) use icon::Icon;
pub(crate) use key_field::key_field;
pub(crate) use notice::{notice, working};
pub(crate) use qr::Qr;
pub(crate) use text::{field, heading, muted, paragraph, section};
