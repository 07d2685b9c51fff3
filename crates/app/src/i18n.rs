//! All texts of pages and emails, in the languages under `texts/`. A text that a language lacks falls back to
//! English. The English texts of errors come from the codes (`keystead_protocol::Code`).

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::tz::Offset;
use keystead_domain::Millis;
use keystead_protocol::Code;

/// The languages: tag (BCP 47) and native name. The first is the fallback.
pub const LANGUAGES: [(&str, &str); 2] = [("en-US", "English"), ("de-DE", "Deutsch")];

static ALL: LazyLock<[Texts; 2]> = LazyLock::new(|| {
    [
        Texts::parse(LANGUAGES[0].0, include_str!("../texts/en-US.ftl")),
        Texts::parse(LANGUAGES[1].0, include_str!("../texts/de-DE.ftl")),
    ]
});

/// The texts of one language.
pub struct Texts {
    /// The language's tag.
    pub tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    fn parse(tag: &'static str, source: &str) -> Self {
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(tag, ?errors, "a text is malformed");
                resource
            }
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().unwrap_or_default()]);
        // Disables Unicode isolation marks around values. They would become part of copied keys and
        // addresses.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { tag, bundle }
    }

    /// The texts of the language with this tag, or of the fallback language.
    pub fn of(tag: &str) -> &'static Self {
        ALL.iter().find(|texts| texts.tag == tag).unwrap_or(&ALL[0])
    }

    /// The texts for an `Accept-Language` header (RFC 9110, section 12.5.4).
    pub fn wanted(accept_language: &str) -> &'static Self {
        let bare = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let wished = accept_language::parse(accept_language);
        let found =
            wished.iter().find_map(|wish| LANGUAGES.iter().position(|(tag, _)| bare(tag) == bare(wish)));
        &ALL[found.unwrap_or(0)]
    }

    /// Looks up a text by its name.
    pub fn say<'a>(&'a self, name: &'a str) -> Text<'a> {
        Text { texts: self, name, arguments: FluentArgs::new() }
    }

    /// Formats a date.
    pub fn day(&self, at: &Millis) -> Text<'_> {
        let time = Offset::UTC.to_datetime(Timestamp::from_millisecond(*at).unwrap_or_default());
        self.say("day").with("day", time.day()).with("month", time.month()).with("year", time.year())
    }

    /// Formats how long ago `at` was, in words within the last week and as a date before that.
    pub fn ago(&self, at: &Millis, now: &Millis) -> Text<'_> {
        const MINUTE: Millis = 60_000;
        match (now - at).max(0) / MINUTE {
            0..10 => self.say("ago-now"),
            minutes @ 10..60 => self.say("ago-minutes").with("count", minutes),
            minutes @ 60..1440 => self.say("ago-hours").with("count", minutes / 60),
            minutes @ 1440..10_080 => self.say("ago-days").with("count", minutes / 1440),
            _ => self.day(at),
        }
    }

    /// The cause and the next action of a code.
    pub fn code(&self, code: Code) -> (String, String) {
        let (cause, next) = (format!("error-{}", code.name()), format!("error-{}-next", code.name()));
        let or = |name: &str, english: &str| {
            if self.bundle.has_message(name) { self.say(name).to_string() } else { english.to_owned() }
        };
        (or(&cause, code.cause()), or(&next, code.next_action()))
    }
}

/// A text and its arguments, not formatted yet.
pub struct Text<'a> {
    texts: &'a Texts,
    name: &'a str,
    arguments: FluentArgs<'a>,
}

impl<'a> Text<'a> {
    /// Adds an argument.
    pub fn with(mut self, name: &'static str, value: impl Value) -> Self {
        self.arguments.set(name, value.to_fluent());
        self
    }
}

/// Types that can be arguments of a text. References are included, because templates pass them.
pub trait Value {
    /// The value as a Fluent value.
    fn to_fluent(&self) -> FluentValue<'static>;
}

impl<T: Value + ?Sized> Value for &T {
    fn to_fluent(&self) -> FluentValue<'static> {
        (**self).to_fluent()
    }
}

impl Value for str {
    fn to_fluent(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}

impl Value for String {
    fn to_fluent(&self) -> FluentValue<'static> {
        self.as_str().to_fluent()
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Value for $number {
            fn to_fluent(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )*};
}

numbers! { i8 i16 u32 i64 usize }

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (own, english) = (&self.texts.bundle, &ALL[0].bundle);
        let found = own.get_message(self.name).map(|message| (own, message));
        let found = found.or_else(|| english.get_message(self.name).map(|message| (english, message)));
        let Some((bundle, pattern)) = found.and_then(|(bundle, text)| Some((bundle, text.value()?))) else {
            return f.write_str(self.name);
        };
        f.write_str(&bundle.format_pattern(pattern, Some(&self.arguments), &mut Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn names(source: &str) -> BTreeSet<&str> {
        let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        lines.filter_map(|line| line.split_once(" =").map(|(name, _)| name)).collect()
    }

    /// Collects the names in all `say("…")` calls below `folder`.
    fn said(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                said(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let calls = text.split("say(\"").skip(1);
            found.extend(calls.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }

    #[test]
    fn every_text_that_is_said_is_there_and_every_language_has_all() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut wanted = BTreeSet::new();
        let server = root.join("../server");
        for folder in [root.join("src"), server.join("templates"), server.join("src")] {
            said(&folder, &mut wanted);
        }
        wanted.remove("…");
        let (english, german) =
            (names(include_str!("../texts/en-US.ftl")), names(include_str!("../texts/de-DE.ftl")));
        let missing: Vec<_> = wanted.iter().filter(|name| !english.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "not in English: {missing:?}");
        let german: BTreeSet<_> = german.into_iter().filter(|name| !name.starts_with("error-")).collect();
        assert_eq!(english.difference(&german).collect::<Vec<_>>(), Vec::<&&str>::new());
        assert_eq!(german.difference(&english).collect::<Vec<_>>(), Vec::<&&str>::new());
    }

    #[test]
    fn no_text_is_malformed() {
        for source in [include_str!("../texts/en-US.ftl"), include_str!("../texts/de-DE.ftl")] {
            FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors).unwrap();
        }
    }

    #[test]
    fn days_and_spans_read_as_people_write_them() {
        let (english, german) = (Texts::of("en-US"), Texts::of("de-DE"));
        let at = 1_795_238_400_000;
        assert_eq!(english.day(&at).to_string(), "November 21, 2026");
        assert_eq!(german.day(&at).to_string(), "21. November 2026");
        assert_eq!(english.ago(&at, &(at + 2 * 3_600_000)).to_string(), "2 hours ago");
        assert_eq!(german.ago(&at, &(at + 86_400_000)).to_string(), "gestern");
    }

    #[test]
    fn a_browser_gets_the_first_of_its_languages_that_there_is() {
        let wanted = |accept_language: &str| Texts::wanted(accept_language).tag;
        assert_eq!(wanted("fr, de-AT;q=0.8, en;q=0.5"), "de-DE");
        assert_eq!(wanted("fr"), "en-US");
        assert_eq!(wanted(""), "en-US");
    }
}
