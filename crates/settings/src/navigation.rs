//! The pages of the window, and the search for settings.

use std::fmt;
use std::str::FromStr;

use crate::widget::Icon;

/// The scheme of addresses that open a page: `keystead:activation`.
pub const SCHEME: &str = "keystead";

/// A page of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// The signed-in account.
    Accounts,
    /// The activation state, and how to change it.
    Activation,
    /// The account's devices.
    Devices,
    /// What is stored and shared.
    Privacy,
    /// How activation works.
    HowItWorks,
    /// Versions, diagnostics and appearance.
    About,
}

/// The name of a page that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPage(String);

impl fmt::Display for UnknownPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<_> = Page::ALL.iter().map(|page| page.name()).collect();
        write!(f, "there is no page {:?}; the pages are {}", self.0, known.join(", "))
    }
}

impl std::error::Error for UnknownPage {}

impl Page {
    /// All pages, in navigation order.
    pub const ALL: [Page; 6] =
        [Page::Accounts, Page::Activation, Page::Devices, Page::Privacy, Page::HowItWorks, Page::About];

    /// The page's name in addresses and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Page::Accounts => "accounts",
            Page::Activation => "activation",
            Page::Devices => "devices",
            Page::Privacy => "privacy",
            Page::HowItWorks => "how-it-works",
            Page::About => "about",
        }
    }

    /// The page's title.
    pub const fn title(self) -> &'static str {
        match self {
            Page::Accounts => "Accounts",
            Page::Activation => "Activation",
            Page::Devices => "Devices",
            Page::Privacy => "Privacy & data",
            Page::HowItWorks => "How activation works",
            Page::About => "About",
        }
    }

    pub(crate) const fn icon(self) -> Icon {
        match self {
            Page::Accounts => Icon::Person,
            Page::Activation => Icon::Key,
            Page::Devices => Icon::Screen,
            Page::Privacy => Icon::Shield,
            Page::HowItWorks => Icon::Question,
            Page::About => Icon::Info,
        }
    }

    /// Parses an address such as `keystead:activation`.
    pub fn at(address: &str) -> Result<Self, UnknownPage> {
        let name = address.strip_prefix(SCHEME).and_then(|rest| rest.strip_prefix(':'));
        let name = name.ok_or_else(|| UnknownPage(address.to_owned()))?;
        name.trim_matches('/').parse()
    }
}

impl FromStr for Page {
    type Err = UnknownPage;

    fn from_str(name: &str) -> Result<Self, UnknownPage> {
        let found = Page::ALL.into_iter().find(|page| page.name() == name);
        found.ok_or_else(|| UnknownPage(name.to_owned()))
    }
}

/// A setting that the search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) page: Page,
    pub(crate) title: &'static str,
    keywords: &'static str,
}

const SETTINGS: [Setting; 20] = [
    setting(Page::Accounts, "Your info", "name email address person"),
    setting(Page::Accounts, "Sign in with an account", "log in link password browser code"),
    setting(Page::Accounts, "Create an account", "register sign up support"),
    setting(Page::Accounts, "Sign out", "log out"),
    setting(Page::Accounts, "Link license to your account", "connect digital license"),
    setting(Page::Activation, "Activation state", "license edition active status works offline"),
    setting(Page::Activation, "Change product key", "25 characters enter serial"),
    setting(
        Page::Activation,
        "I changed hardware on this device",
        "reactivate troubleshoot motherboard repair",
    ),
    setting(
        Page::Activation,
        "Activate without the internet",
        "offline installation id confirmation phone qr file usb stick",
    ),
    setting(Page::Activation, "Deactivate this device", "seat free give back"),
    setting(Page::Activation, "Get help", "support contact"),
    setting(Page::Devices, "Your devices", "computers seats remove list"),
    setting(Page::Privacy, "What is stored", "data privacy consent disclosure share"),
    setting(Page::Privacy, "Export or delete my data", "download archive delete account"),
    setting(Page::HowItWorks, "How activation works", "explain hardware fingerprint offline lease grace"),
    setting(Page::About, "Version", "about program"),
    setting(Page::About, "Diagnostics", "doctor network proxy report problem"),
    setting(Page::About, "Network", "proxy server connection address"),
    setting(Page::About, "Keyboard", "shortcut keys"),
    setting(Page::About, "Appearance", "dark light theme colour color mode"),
];

const fn setting(page: Page, title: &'static str, keywords: &'static str) -> Setting {
    Setting { page, title, keywords }
}

/// The settings that contain every word of the query, title matches first.
pub(crate) fn search(query: &str) -> Vec<Setting> {
    let query = query.to_lowercase();
    let wanted: Vec<&str> = query.split_whitespace().collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let has = |text: &str| wanted.iter().all(|word| text.to_lowercase().contains(word));
    let (mut by_title, mut by_words) = (Vec::new(), Vec::new());
    for setting in SETTINGS {
        if has(setting.title) {
            by_title.push(setting);
        } else if has(&format!("{} {} {}", setting.title, setting.keywords, setting.page.title())) {
            by_words.push(setting);
        }
    }
    by_title.extend(by_words);
    by_title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_page() {
        assert_eq!(Page::at("keystead:activation"), Ok(Page::Activation));
        assert_eq!(Page::at("keystead://devices/"), Ok(Page::Devices));
        for wrong in
            ["activation", "keystead:", "other:activation", "keystead:activation?x=1", "keystead:../about"]
        {
            assert!(Page::at(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_page_is_found_by_its_name_and_by_something_on_it() {
        for page in Page::ALL {
            assert_eq!(page.name().parse(), Ok(page));
            assert!(SETTINGS.iter().any(|setting| setting.page == page));
        }
    }

    #[test]
    fn a_setting_is_found_by_its_title_first_and_by_what_people_call_it() {
        assert_eq!(search("product KEY")[0].title, "Change product key");
        assert_eq!(search("motherboard")[0].title, "I changed hardware on this device");
        assert_eq!(search("dark")[0].page, Page::About);
        assert!(search("  ").is_empty() && search("zebra").is_empty());
    }
}
