//! The identifiers of records.

use std::fmt::Write;

/// A new random one.
pub(crate) fn new() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    // Version 4, variant 1.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut guid = String::with_capacity(36);
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            guid.push('-');
        }
        write!(guid, "{byte:02x}").expect("a String takes everything");
    }
    guid
}

/// The one spelling of a GUID, which may come in capitals.
pub(crate) fn parse(text: &str) -> Option<String> {
    let valid = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    (text.len() == 36 && text.bytes().enumerate().all(valid)).then(|| text.to_ascii_lowercase())
}
