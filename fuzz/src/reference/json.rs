//! Reads a whole JSON text (RFC 8259), and nothing else; a byte order mark before it is allowed.

use std::iter::Peekable;
use std::slice::Iter;

#[derive(Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    /// Half a surrogate pair is U+FFFD.
    Text(String),
    Array,
    Object(Vec<(String, Json)>),
}

/// How deep objects and arrays may be nested.
const MAX_DEPTH: usize = 128;

impl Json {
    /// The members of this name.
    pub fn members<'j>(&'j self, name: &str) -> Vec<&'j Json> {
        match self {
            Json::Object(members) => {
                members.iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn member(&self, name: &str) -> Option<&Json> {
        self.members(name).first().copied()
    }

    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }
}

pub fn read(text: &[u8]) -> Option<Json> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut reader = Reader { bytes: text.iter().peekable(), depth: 0 };
    let value = reader.value()?;
    reader.space();
    let json = reader.bytes.next().is_none().then_some(value);
    // serde_json looks at less of what it ignores: its strings need not be UTF-8.
    if std::str::from_utf8(text).is_ok() && reader.depth == 0 {
        let theirs = serde_json::from_slice::<serde_core::de::IgnoredAny>(text);
        assert_eq!(json.is_some(), theirs.is_ok(), "{}", text.escape_ascii());
    }
    json
}

struct Reader<'t> {
    bytes: Peekable<Iter<'t, u8>>,
    depth: usize,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.bytes.next_if(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).is_some() {}
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.bytes.next_if(|next| **next == byte).is_some()
    }

    fn literal(&mut self, rest: &[u8], value: Json) -> Option<Json> {
        rest.iter().all(|byte| self.takes(*byte)).then_some(value)
    }

    fn value(&mut self) -> Option<Json> {
        self.space();
        match self.bytes.peek()? {
            b'n' => self.literal(b"null", Json::Null),
            b't' => self.literal(b"true", Json::Bool(true)),
            b'f' => self.literal(b"false", Json::Bool(false)),
            b'"' => self.text().map(Json::Text),
            b'[' => self.elements(),
            b'{' => self.object(),
            _ => self.number(),
        }
    }

    fn open(&mut self) -> Option<()> {
        self.bytes.next();
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    fn elements(&mut self) -> Option<Json> {
        self.open()?;
        self.space();
        if !self.takes(b']') {
            loop {
                self.value()?;
                self.space();
                if self.takes(b']') {
                    break;
                }
                self.takes(b',').then_some(())?;
            }
        }
        self.depth -= 1;
        Some(Json::Array)
    }

    fn object(&mut self) -> Option<Json> {
        self.open()?;
        let mut members = Vec::new();
        self.space();
        if !self.takes(b'}') {
            loop {
                self.space();
                let name = self.text()?;
                self.space();
                self.takes(b':').then_some(())?;
                members.push((name, self.value()?));
                self.space();
                if self.takes(b'}') {
                    break;
                }
                self.takes(b',').then_some(())?;
            }
        }
        self.depth -= 1;
        Some(Json::Object(members))
    }

    fn digits(&mut self, number: &mut String) -> bool {
        let before = number.len();
        while let Some(digit) = self.bytes.next_if(|byte| byte.is_ascii_digit()) {
            number.push(*digit as char);
        }
        number.len() > before
    }

    fn sign(&mut self, signs: &[u8], number: &mut String) {
        if let Some(sign) = self.bytes.next_if(|byte| signs.contains(byte)) {
            number.push(*sign as char);
        }
    }

    fn number(&mut self) -> Option<Json> {
        let mut number = String::new();
        self.sign(b"-", &mut number);
        if self.takes(b'0') {
            number.push('0');
        } else if !self.digits(&mut number) {
            return None;
        }
        if self.takes(b'.') {
            number.push('.');
            self.digits(&mut number).then_some(())?;
        }
        if self.bytes.next_if(|byte| matches!(byte, b'e' | b'E')).is_some() {
            number.push('e');
            self.sign(b"+-", &mut number);
            self.digits(&mut number).then_some(())?;
        }
        Some(Json::Number(number))
    }

    fn text(&mut self) -> Option<String> {
        if !self.takes(b'"') {
            return None;
        }
        // Plain bytes, and the units of escapes, which only together are characters.
        let (mut bytes, mut units) = (Vec::new(), Vec::new());
        let flush = |units: &mut Vec<u16>, bytes: &mut Vec<u8>| {
            let text = String::from_utf16_lossy(units);
            bytes.extend_from_slice(text.as_bytes());
            units.clear();
        };
        loop {
            let byte = *self.bytes.next()?;
            if byte == b'\\' {
                let plain = match self.bytes.next()? {
                    b'u' => {
                        let mut unit = 0;
                        for _ in 0..4 {
                            unit = unit * 16 + (*self.bytes.next()? as char).to_digit(16)?;
                        }
                        units.push(unit as u16);
                        continue;
                    }
                    plain @ (b'"' | b'\\' | b'/') => *plain,
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    _ => return None,
                };
                flush(&mut units, &mut bytes);
                bytes.push(plain);
                continue;
            }
            flush(&mut units, &mut bytes);
            match byte {
                b'"' => return String::from_utf8(bytes).ok(),
                0..=31 => return None,
                _ => bytes.push(byte),
            }
        }
    }
}
