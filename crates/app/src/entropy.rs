//! The only place where the server draws randomness: from the operating system.

/// Random bytes.
///
/// # Panics
/// When the operating system has none; nothing can be done safely then.
#[allow(clippy::disallowed_methods)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
