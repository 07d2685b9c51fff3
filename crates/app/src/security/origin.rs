//! The origin of a request: the client's address, its browser, and the accounts that know this browser.

use std::net::{IpAddr, Ipv6Addr};

use keystead_protocol::id::AccountId;
use keystead_storage::Personal;
use woothee::parser::Parser;
use woothee::woothee::VALUE_UNKNOWN;

use crate::entropy;

/// The origin of a request.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The client's address.
    pub address: IpAddr,
    /// The browser's name, from the user agent.
    pub browser: String,
    /// Accounts that signed in with this browser before.
    pub known_to: Vec<AccountId>,
}

impl Origin {
    /// The personal fields of an audit event.
    pub fn personal(&self) -> Personal {
        Personal { salt: entropy::bytes(), address: self.address.to_string(), browser: self.browser.clone() }
    }
}

/// The browser's name from a user agent, such as `Firefox on Linux`.
pub fn browser_name(agent: &str) -> String {
    let found = Parser::new().parse(agent).filter(|found| !["crawler", "misc"].contains(&found.category));
    let (browser, system) = found.map_or((VALUE_UNKNOWN, VALUE_UNKNOWN), |found| (found.name, found.os));
    let browser = match browser {
        VALUE_UNKNOWN | "Webview" => None,
        "SamsungBrowser" => Some("Samsung Internet"),
        name => Some(name),
    };
    let system = match system {
        VALUE_UNKNOWN => None,
        "Mac OSX" => Some("macOS"),
        name if name.starts_with("Windows") => Some("Windows"),
        name => Some(name),
    };
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Browser".to_owned(),
    }
}

/// The network that rate limits count as one client. A customer usually has a whole IPv6 /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn a_browser_is_named_as_its_person_knows_it() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(browser_name(edge), "Edge on Windows");
        assert_eq!(
            browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser_name("curl/8.0"), "Browser");
        assert_eq!(browser_name(""), "Browser");
    }

    #[test]
    fn browsers_of_phones_and_tablets_are_told_apart() {
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)";
        let on_android = |rest: &str| browser_name(&format!("{android} {rest}"));
        assert_eq!(on_android("Chrome/148.0.0.0 Mobile Safari/537.36"), "Chrome on Android");
        assert_eq!(on_android("Chrome/148.0.0.0 Mobile Safari/537.36 EdgA/148.0.0.0"), "Edge on Android");
        assert_eq!(
            on_android("SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36"),
            "Samsung Internet on Android"
        );
        let on_apple = |device: &str, rest: &str| {
            let system =
                format!("Mozilla/5.0 ({device} 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)");
            browser_name(&format!("{system} {rest}"))
        };
        let on_iphone = |rest: &str| on_apple("iPhone; CPU iPhone OS", rest);
        assert_eq!(on_iphone("Version/26.0 Mobile/15E148 Safari/604.1"), "Safari on iPhone");
        assert_eq!(on_iphone("CriOS/148.0.0.0 Mobile/15E148 Safari/604.1"), "Chrome on iPhone");
        assert_eq!(on_iphone("FxiOS/150.0 Mobile/15E148 Safari/605.1.15"), "Firefox on iPhone");
        assert_eq!(on_iphone("Mobile/15E148"), "iPhone");
        assert_eq!(on_apple("iPad; CPU OS", "Version/26.0 Mobile/15E148 Safari/604.1"), "Safari on iPad");
    }

    #[test]
    fn a_system_has_no_version() {
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        assert_eq!(browser_name(safari), "Safari on macOS");
        let opera = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 OPR/125.0.0.0";
        assert_eq!(browser_name(opera), "Opera on Windows");
    }
}
