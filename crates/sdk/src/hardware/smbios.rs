//! Parses the firmware's SMBIOS table (DMTF DSP0134). Reads only the fields that identify the
//! machine.

#![cfg_attr(not(windows), allow(dead_code, reason = "only Windows exposes the table"))]

/// SMBIOS structure types.
const SYSTEM: u8 = 1;
const BOARD: u8 = 2;
const END: u8 = 127;

/// The machine's identifiers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) uuid: Option<String>,
    pub(super) board_serial: Option<String>,
}

/// Parses the table as Windows stores it, with a header of eight bytes before the structures.
pub(super) fn identity(raw: &[u8]) -> Identity {
    let mut identity = Identity::default();
    let mut rest = raw.get(8..).unwrap_or_default();
    while let [kind, length, ..] = *rest {
        let Some((formatted, tail)) = rest.split_at_checked(usize::from(length).max(4)) else { break };
        let (strings, next) = strings(tail);
        match kind {
            SYSTEM => identity.uuid = formatted.get(8..24).and_then(uuid),
            BOARD if identity.board_serial.is_none() => {
                let number = formatted.get(7).copied().unwrap_or(0);
                identity.board_serial = named(&strings, number);
            }
            END => break,
            _ => {}
        }
        rest = next;
    }
    identity
}

/// Splits the bytes after a structure into its strings and the rest of the table. Two zero bytes
/// end the strings.
fn strings(tail: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let Some(end) = tail.windows(2).position(|pair| pair == [0, 0]) else { return (Vec::new(), &[]) };
    (tail[..end].split(|&byte| byte == 0).collect(), &tail[end + 2..])
}

/// The string with this number. The first has number 1; 0 means no string.
fn named(strings: &[&[u8]], number: u8) -> Option<String> {
    let text = strings.get(usize::from(number.checked_sub(1)?))?;
    let text = String::from_utf8_lossy(text).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Formats a UUID. Its first three fields are little-endian (section 7.2.1).
fn uuid(bytes: &[u8]) -> Option<String> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    Some(uuid::Uuid::from_bytes_le(bytes).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(kind: u8, formatted: &[u8], strings: &[&str]) -> Vec<u8> {
        let mut bytes = vec![kind, formatted.len() as u8 + 4, 0, 0];
        bytes.extend(formatted);
        for text in strings {
            bytes.extend(text.as_bytes());
            bytes.push(0);
        }
        bytes.extend(if strings.is_empty() { &[0, 0][..] } else { &[0] });
        bytes
    }

    fn table() -> Vec<u8> {
        let mut system = vec![1, 2, 0, 0];
        system.extend([
            0x44, 0x45, 0x4c, 0x4c, 0x51, 0x00, 0x35, 0x10, 0x80, 0x52, 0xb4, 0xc0, 0x4f, 0x4e, 0x36, 0x32,
        ]);
        let mut raw = vec![0; 8];
        raw.extend(structure(0, &[1, 2], &["BIOS", "1.2"]));
        raw.extend(structure(1, &system, &["Vendor", "Model"]));
        raw.extend(structure(2, &[1, 2, 3, 4], &["Vendor", "Board", "A1", " /1Q5RN62/CN1/ "]));
        raw.extend(structure(127, &[], &[]));
        raw
    }

    #[test]
    fn the_uuid_and_the_boards_serial_are_found() {
        let expected = Identity {
            uuid: Some("4c4c4544-0051-1035-8052-b4c04f4e3632".into()),
            board_serial: Some("/1Q5RN62/CN1/".into()),
        };
        assert_eq!(identity(&table()), expected);
    }

    #[test]
    fn a_damaged_table_gives_what_can_be_read_and_never_more() {
        let table = table();
        for length in 0..table.len() {
            identity(&table[..length]);
        }
        assert_eq!(identity(&[0; 8]), Identity::default());
        assert_eq!(identity(&[0, 0, 0, 0, 0, 0, 0, 0, 2, 255, 0, 0]), Identity::default());
    }
}
