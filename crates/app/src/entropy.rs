//! The server's only source of randomness: the operating system.

/// Random bytes.
///
/// # Panics
/// When the operating system has no randomness. No safe operation is possible then.
#[allow(clippy::disallowed_methods)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
