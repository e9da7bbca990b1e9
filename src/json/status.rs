//! The authentication status that answers a login (protocol notes, section 2).

use heapless::Vec;

use super::scanner::{Scanner, Sink, Token};
use crate::error::DocumentError;

/// The texts that are kept of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Message,
    PasswordChangeUrl,
    RedirectUrl,
    UserType,
    ExceptionMessage,
    ExceptionType,
}

const TEXTS: usize = 6;

/// A member of interest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Code,
    Exception,
    Text(Text),
}

/// Where in memory a text stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    pub start: usize,
    pub len: usize,
    /// The text was longer than its room and has been cut after a whole character.
    pub truncated: bool,
}

/// Reads a status document of any size, in pieces of any size. Code and texts are kept; the texts in the memory
/// that each call lends, one after the other, and each in at most half of the room that is left.
pub(crate) struct StatusReader {
    scanner: Scanner,
    picked: Picked,
}

/// What has been picked out of the document so far.
struct Picked {
    reading: Reading,
    name: Vec<u8, NAME>,
    /// The member that the name before the next value means.
    member: Option<Member>,
    in_exception: bool,
    /// Which members have come, a bit for each.
    seen: u8,
    code: Option<i32>,
    code_is_negative: bool,
    texts: [Option<Place>; TEXTS],
    /// Where the next text goes, and how long it may be.
    end: usize,
    room: usize,
}

/// The length of the longest name of interest.
const NAME: usize = "PasswordChangeUrl".len();

/// What the scanner's texts belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    Name,
    Text(Text),
}

/// [`Picked`] together with the memory it keeps texts in.
struct Picker<'p> {
    picked: &'p mut Picked,
    memory: &'p mut [u8],
}

impl StatusReader {
    pub(crate) const fn new() -> Self {
        StatusReader {
            scanner: Scanner::new(),
            picked: Picked {
                reading: Reading::Nothing,
                name: Vec::new(),
                member: None,
                in_exception: false,
                seen: 0,
                code: None,
                code_is_negative: false,
                texts: [None; TEXTS],
                end: 0,
                room: 0,
            },
        }
    }

    /// Texts go into memory from here on.
    pub(crate) fn start_at(&mut self, at: usize) {
        self.picked.end = at;
    }

    /// Takes the next piece of the document.
    pub(crate) fn push(&mut self, piece: &[u8], memory: &mut [u8]) -> Result<(), DocumentError> {
        let mut picker = Picker { picked: &mut self.picked, memory };
        piece.iter().try_for_each(|byte| self.scanner.push(*byte, &mut picker))
    }

    /// Whether the document may end here.
    pub(crate) fn is_complete(&self) -> bool {
        self.scanner.is_complete()
    }

    /// The document is over: was it one, with a code?
    pub(crate) fn finish(&self) -> Result<(), DocumentError> {
        if !self.is_complete() {
            return Err(DocumentError::CutOff);
        }
        self.picked.code.map(|_| ()).ok_or(DocumentError::NoCode)
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.picked.code
    }

    pub(crate) fn text(&self, text: Text) -> Option<Place> {
        *self.picked.texts.get(text as usize)?
    }
}

impl Sink for Picker<'_> {
    fn token(&mut self, token: Token<'_>, depth: usize) -> Result<(), DocumentError> {
        let picked = &mut *self.picked;
        match token {
            Token::Text(piece) => picked.text(piece, self.memory),
            Token::TextEnd if picked.reading == Reading::Name => {
                picked.reading = Reading::Nothing;
                return picked.name_is_complete(depth);
            }
            Token::TextEnd => picked.reading = Reading::Nothing,
            Token::End if depth == 1 => picked.in_exception = false,
            Token::End => {}
            Token::ObjectStart if depth == 0 => {}
            _ if depth == 0 => return Err(DocumentError::NotAnObject),
            // Members are picked from the status and from its exception, not from what these hold.
            _ if depth != 1 && !(depth == 2 && picked.in_exception) => {}
            Token::Name => {
                picked.name.clear();
                picked.member = None;
                picked.reading = Reading::Name;
            }
            _ => return picked.value(token, self.memory.len()),
        }
        Ok(())
    }
}

impl Picked {
    fn name_is_complete(&mut self, depth: usize) -> Result<(), DocumentError> {
        const STATUS: [(&str, Member); 6] = [
            ("Code", Member::Code),
            ("Message", Member::Text(Text::Message)),
            ("Exception", Member::Exception),
            ("PasswordChangeUrl", Member::Text(Text::PasswordChangeUrl)),
            ("RedirectUrl", Member::Text(Text::RedirectUrl)),
            ("UserType", Member::Text(Text::UserType)),
        ];
        const EXCEPTION: [(&str, Member); 2] =
            [("Message", Member::Text(Text::ExceptionMessage)), ("Type", Member::Text(Text::ExceptionType))];
        let (members, bit) = if depth == 1 { (&STATUS[..], 1u8) } else { (&EXCEPTION[..], 1 << 6) };
        let known = members.iter().enumerate().find(|(_, (name, _))| name.as_bytes() == self.name.as_slice());
        if let Some((index, (_, member))) = known {
            let bit = bit << index;
            if self.seen & bit != 0 {
                return Err(DocumentError::Doubled);
            }
            self.seen |= bit;
            self.member = Some(*member);
        }
        Ok(())
    }

    /// A value, or the next byte of a number. What is not of the expected type says nothing, except for the code.
    fn value(&mut self, token: Token<'_>, memory_len: usize) -> Result<(), DocumentError> {
        match (self.member, token) {
            (Some(Member::Code), Token::Number(byte)) => return self.digit(byte),
            (Some(Member::Code), Token::Literal) => {} // null: no code
            (Some(Member::Code), _) => return Err(DocumentError::Code),
            (Some(Member::Exception), Token::ObjectStart) => self.in_exception = true,
            (Some(Member::Text(text)), Token::String) => {
                self.reading = Reading::Text(text);
                self.room = memory_len.saturating_sub(self.end) / 2;
                if let Some(place) = self.texts.get_mut(text as usize) {
                    *place = Some(Place { start: self.end, len: 0, truncated: false });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The next byte of the code. Not every way to write a whole number in JSON is taken: `-0`, `0.0` and `0e0` are
    /// no code that a site sends.
    fn digit(&mut self, byte: u8) -> Result<(), DocumentError> {
        if byte == b'-' {
            self.code_is_negative = true;
            return Ok(());
        }
        let digit = char::from(byte).to_digit(10).ok_or(DocumentError::Code)? as i32;
        if self.code_is_negative && self.code.is_none() && digit == 0 {
            return Err(DocumentError::Code);
        }
        let tens = self.code.unwrap_or(0).checked_mul(10);
        let code = if self.code_is_negative {
            tens.and_then(|tens| tens.checked_sub(digit))
        } else {
            tens.and_then(|tens| tens.checked_add(digit))
        };
        self.code = Some(code.ok_or(DocumentError::Code)?);
        Ok(())
    }

    /// A piece of a name or of a text.
    fn text(&mut self, piece: &[u8], memory: &mut [u8]) {
        match self.reading {
            Reading::Nothing => {}
            Reading::Name => {
                if self.name.extend_from_slice(piece).is_err() {
                    self.reading = Reading::Nothing; // longer than any name of interest
                }
            }
            Reading::Text(text) => {
                let Some(Some(place)) = self.texts.get_mut(text as usize) else {
                    return;
                };
                let room = memory.get_mut(self.end..).unwrap_or_default();
                if place.truncated || place.len + piece.len() > self.room || room.len() < piece.len() {
                    place.truncated = true;
                    return;
                }
                for (to, from) in room.iter_mut().zip(piece) {
                    *to = *from;
                }
                place.len += piece.len();
                self.end += piece.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    fn read(json: &str) -> Result<(Option<i32>, [Option<String>; TEXTS]), DocumentError> {
        let (mut reader, mut memory) = (StatusReader::new(), [0; 512]);
        reader.push(json.as_bytes(), &mut memory)?;
        reader.finish()?;
        let texts = [
            Text::Message,
            Text::PasswordChangeUrl,
            Text::RedirectUrl,
            Text::UserType,
            Text::ExceptionMessage,
            Text::ExceptionType,
        ];
        let texts = texts.map(|text| {
            let place = reader.text(text)?;
            let bytes = &memory[place.start..place.start + place.len];
            Some(String::from_utf8(bytes.to_vec()).unwrap() + if place.truncated { "…" } else { "" })
        });
        Ok((reader.code(), texts))
    }

    #[test]
    fn picks_its_members_in_any_order_and_from_their_places_only() {
        let (code, texts) = read(
            r#"{"X":{"Code":7,"Message":"no"},"Exception":{"InnerException":{"Message":"no","Type":"no"},
            "Message":"inner","List":[{"Type":"no"}],"Type":"System.X"},"A":["Code",{"Code":3}],"UserType":"General",
            "RedirectUrl":"\/0\/Shell","PasswordChangeUrl":null,"Message":"\u041d\u0435\u0442","Code":1}"#,
        )
        .unwrap();
        assert_eq!(code, Some(1));
        let texts = texts.each_ref().map(|text| text.as_deref());
        assert_eq!(texts, [Some("Нет"), None, Some("/0/Shell"), Some("General"), Some("inner"), Some("System.X")]);
    }

    #[test]
    fn values_of_another_type_say_nothing_but_a_code_must_be_a_whole_number() {
        let (code, texts) =
            read(r#"{"Message":5,"Exception":"text","UserType":["a"],"RedirectUrl":{"x":"y"},"Code":2}"#).unwrap();
        assert_eq!((code, texts), (Some(2), [const { None }; TEXTS]));
        for code in
            ["\"0\"", "0.0", "-0", "0e0", "[0]", "{\"a\":0}", "1E2", "4294967296", "2147483648", "-2147483649"]
        {
            let json = std::format!("{{\"Code\":{code}}}");
            assert_eq!(read(&json).unwrap_err(), DocumentError::Code, "{code}");
        }
        assert_eq!(read(r#"{"Code":-2147483648}"#).unwrap().0, Some(i32::MIN));
        for absent in ["{}", r#"{"Code":null}"#, r#"{"Code":true}"#, r#"{"code":0}"#, r#"{"Code ":0}"#] {
            assert_eq!(read(absent).unwrap_err(), DocumentError::NoCode, "{absent}");
        }
        assert_eq!(read(r#"{"C\u006fde":3}"#).unwrap().0, Some(3));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        for json in [
            r#"{"Code":0,"Code":0}"#,
            r#"{"Code":null,"Code":0}"#,
            r#"{"Code":0,"\u0043ode":1}"#,
            r#"{"Message":"","Message":"","Code":0}"#,
            r#"{"Exception":{"Type":"","Type":""},"Code":0}"#,
        ] {
            assert_eq!(read(json).unwrap_err(), DocumentError::Doubled, "{json}");
        }
        assert!(read(r#"{"Other":1,"Other":2,"Code":0}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_no_status() {
        for json in ["[]", "0", "\"Code\"", "null", r#"[{"Code":0}]"#] {
            assert_eq!(read(json).unwrap_err(), DocumentError::NotAnObject, "{json}");
        }
        assert_eq!(read(r#"{"Code":0"#).unwrap_err(), DocumentError::CutOff);
        assert_eq!(read(r#"{"Code":0}x"#).unwrap_err(), DocumentError::NotJson);
    }

    #[test]
    fn a_long_text_is_cut_after_a_whole_character_and_leaves_room_for_the_others() {
        let long = "é".repeat(400);
        let (_, texts) = read(&std::format!(r#"{{"Message":"x{long}","UserType":"General","Code":0}}"#)).unwrap();
        assert_eq!(texts[0].as_deref(), Some(&*std::format!("x{}…", "é".repeat(127))));
        assert_eq!(texts[3].as_deref(), Some("General"));
    }
}
