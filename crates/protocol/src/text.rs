//! Binary values as text (RFC 4648): lower-case hexadecimal, unpadded base64url, and padded base64. Every value has
//! exactly one encoding in each form. Other texts are not decoded.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

/// Encodes `bytes` as unpadded base64url.
pub fn to_base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Decodes unpadded base64url; `None` for any other text.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

/// Decodes unpadded base64url of exactly `N` bytes.
pub fn array_from_base64url<const N: usize>(text: &str) -> Option<[u8; N]> {
    from_base64url(text)?.try_into().ok()
}

/// Encodes `bytes` as padded base64.
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Decodes padded base64; `None` for any other text.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    // The decoder also accepts several padded texts in a row.
    BASE64.decode(text.as_bytes()).ok().filter(|bytes| to_base64(bytes) == text)
}

/// Encodes `bytes` as lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Decodes lower-case hexadecimal; `None` for any other text.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_of_a_value_is_decoded() {
        assert_eq!(from_base64url("-_8"), Some(vec![0xfb, 0xff]));
        for other in ["-_9", "-_8=", "+/8", "-_8\n", "-"] {
            assert_eq!(from_base64url(other), None, "{other}");
        }
        assert_eq!(from_base64("+/8="), Some(vec![0xfb, 0xff]));
        for other in ["+/9=", "+/8", "-_8=", "+/8=\n", "+w==/w=="] {
            assert_eq!(from_base64(other), None, "{other}");
        }
        assert_eq!(from_hex("fb0f"), Some(vec![0xfb, 0x0f]));
        for other in ["FB", "fb0", "0x", "f b"] {
            assert_eq!(from_hex(other), None, "{other}");
        }
    }
}
