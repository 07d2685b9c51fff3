//! Parses the output of macOS's `ioreg -rd1 -c IOPlatformExpertDevice`.

#![cfg_attr(not(target_os = "macos"), allow(dead_code, reason = "only macOS has it"))]

/// The value of a property. A line has the form `"IOPlatformUUID" = "..."`.
pub(super) fn property(listing: &str, name: &str) -> Option<String> {
    listing.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let is_it = key.trim_matches([' ', '|']).trim_matches('"') == name;
        is_it.then(|| value.trim().trim_matches('"').to_owned()).filter(|text| !text.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::property;

    const LISTING: &str = r#"
+-o Mac14,2  <class IOPlatformExpertDevice, id 0x100000219, registered, matched, active, busy 0, retain 40>
    {
      "IOPolledInterface" = "AppleARMWatchdogTimerHibernateHandler is not serializable"
      "IOPlatformUUID" = "11112222-3333-4444-5555-666677778888"
      "serial-number" = <4e564d5a>
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
    }
"#;

    #[test]
    fn a_property_is_found_by_its_whole_name() {
        assert_eq!(
            property(LISTING, "IOPlatformUUID").as_deref(),
            Some("11112222-3333-4444-5555-666677778888")
        );
        assert_eq!(property(LISTING, "IOPlatformSerialNumber").as_deref(), Some("C02XXXXXXXXX"));
        assert_eq!(property(LISTING, "IOPlatform"), None);
    }
}
