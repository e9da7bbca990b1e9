//! User name and password as HTTP Basic has them (RFC 7617, section 2).

use crate::text::encoding::{Coding, Digits};

/// `base64(user-id ":" password)`, in groups of four digits.
pub(super) struct Pair<'a> {
    pub texts: [&'a str; 3],
    /// How user name and password are encoded before they are put together; none if they are not.
    pub coding: Option<&'static Coding>,
}

impl<'a> Pair<'a> {
    pub(super) fn new(user_name: &'a str, password: &'a str, coding: Option<&'static Coding>) -> Self {
        Pair { texts: [user_name, ":", password], coding }
    }

    /// The group that begins at an item, and the item after it. An item is a byte of what is encoded: its place in the text,
    /// and in the four lowest bits the text and the place in what stands for the byte.
    #[expect(clippy::arithmetic_side_effects, reason = "there are three")]
    pub(super) fn digits(&self, item: usize, digits: &mut Digits) -> Option<usize> {
        let (mut item, mut bytes, mut len) = (item, [0; 3], 0);
        for byte in &mut bytes {
            let Some(next) = self.byte(&mut item) else { break };
            *byte = next;
            len += 1;
        }
        digits.base64(bytes.get(..len)?);
        (len > 0).then_some(item)
    }

    #[expect(
        clippy::arithmetic_side_effects,
        reason = "`which` is at most 3, and `place`, in two bits, before the end of the unit"
    )]
    fn byte(&self, item: &mut usize) -> Option<u8> {
        loop {
            let which = *item >> 2 & 3;
            let Some(byte) = self.texts.get(which)?.as_bytes().get(*item >> 4) else {
                *item = (which + 1) << 2;
                continue;
            };
            let (mut unit, mut len) = ([*byte; 6], 1);
            if let Some(coding) = self.coding.filter(|_| which != 1) {
                coding.unit(*byte, &mut unit, &mut len);
            }
            let place = *item & 3;
            // Of 256 MiB, where words have 32 bits, nothing more is encoded.
            *item = if place + 1 < len { *item + 1 } else { (*item & !3).saturating_add(16) };
            return unit.get(place).copied();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::encoding::FORM;
    use std::string::String;
    use std::vec::Vec;

    fn base64_of(pair: &Pair<'_>) -> String {
        let (mut item, mut digits) = (0, Vec::new());
        let mut group = Digits::default();
        while let Some(next) = pair.digits(item, &mut group) {
            digits.extend(group.as_slice());
            item = next;
        }
        String::from_utf8(digits).unwrap()
    }

    #[test]
    fn groups_are_padded_at_the_end_only() {
        // RFC 7617, section 2
        assert_eq!(base64_of(&Pair::new("Aladdin", "open sesame", None)), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(base64_of(&Pair::new("", "", None)), "Og==");
        assert_eq!(base64_of(&Pair::new("a", "", None)), "YTo=");
        assert_eq!(base64_of(&Pair::new("a", "b", None)), "YTpi");
    }

    #[cfg(target_pointer_width = "32")]
    #[test]
    fn a_text_without_end_has_one() {
        let (text, last) = ("a".repeat(1 << 28), ((1 << 28) - 1) << 4);
        let (pair, mut digits) = (Pair::new(&text, "", None), Digits::default());
        let end = pair.digits(last, &mut digits).unwrap();
        assert_eq!((digits.as_slice(), pair.digits(end, &mut Digits::default())), (&b"YQ=="[..], None));
    }

    #[test]
    fn texts_are_encoded_as_parts_of_a_form_and_the_colon_is_not() {
        assert_eq!(base64_of(&Pair::new("a:", "ä", Some(&FORM))), "YSUzQTolQzMlQTQ="); // a%3A:%C3%A4
    }
}
