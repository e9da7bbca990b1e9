//! Reads a whole reply (RFC 9112), as strictly as the library says that it does (protocol notes, "What is read leniently").

/// What a reply is.
#[derive(Debug)]
pub enum Read {
    Complete(Reply),
    /// It is malformed, and so it is however it goes on. The status code of its head, where that is complete.
    Malformed(Option<u16>),
    /// It ends before its end. The status code of its head, where that has come.
    CutOff(Option<u16>),
}

#[derive(Debug, Default)]
pub struct Reply {
    pub http_10: bool,
    pub status: u16,
    /// Those of the final head, in their order: folds are spaces, white space around values is gone.
    pub fields: Vec<Field>,
    pub body: Vec<u8>,
    /// How many bytes of the input are the reply.
    pub len: usize,
    /// The connection's end is the body's.
    pub is_to_close: bool,
    /// By its status, or as the answer to `HEAD`, it has no body whatever its fields say.
    is_bodiless: bool,
    /// Where its head begins, and where the body does.
    pub head: (usize, usize),
    /// Something in it was read leniently.
    pub is_lenient: bool,
}

#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub value: Vec<u8>,
    /// It holds a control character, and says nothing.
    pub is_spoilt: bool,
}

impl Reply {
    /// The values of the fields of a name, but for those that say nothing.
    pub fn values(&self, name: &str) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.fields.iter().filter(move |field| !field.is_spoilt && field.name == name).map(|field| &field.value[..])
    }

    pub fn last(&self, name: &str) -> Option<&[u8]> {
        self.values(name).next_back()
    }

    fn has_option(&self, wanted: &str) -> bool {
        let mut options = self.values("connection").flat_map(|value| value.split(|byte| *byte == b','));
        options.any(|option| option.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()))
    }

    /// Whether the connection may be used again (RFC 9112, 9.3).
    pub fn keeps_alive(&self) -> bool {
        !self.is_to_close && !self.has_option("close") && (!self.http_10 || self.has_option("keep-alive"))
    }

    /// Whether its head says that no byte of a body comes.
    pub fn has_no_body(&self) -> bool {
        let is_zero = |length: &[u8]| length.iter().all(|digit| *digit == b'0');
        self.is_bodiless || !self.is_to_close && self.last("content-length").is_some_and(is_zero)
    }

    pub fn is_encoded(&self) -> bool {
        // One that cannot be read is a coding all the same.
        let values = self.fields.iter().filter(|field| field.name == "content-encoding").map(|field| &field.value);
        values.into_iter().any(|value| !value.is_empty() && !value.eq_ignore_ascii_case(b"identity"))
    }

    pub fn is_html(&self) -> bool {
        self.last("content-type").is_some_and(|value| {
            let essence = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
            [&b"text/html"[..], b"application/xhtml+xml"].iter().any(|html| essence.eq_ignore_ascii_case(html))
        })
    }
}

/// What stops the reading.
enum Stop {
    Malformed,
    End,
}

type Result<T> = std::result::Result<T, Stop>;

pub fn read(input: &[u8], request_was_head: bool) -> Read {
    let mut reply = Reply::default();
    let mut at = 0;
    loop {
        reply = Reply { is_lenient: reply.is_lenient, head: (at, 0), ..Reply::default() };
        match head(input, &mut at, &mut reply) {
            Err(Stop::Malformed) => return Read::Malformed(None),
            Err(Stop::End) => return Read::CutOff((reply.status > 0).then_some(reply.status)),
            Ok(()) if reply.status == 101 => return Read::Malformed(None),
            Ok(()) if (100..200).contains(&reply.status) => {}
            Ok(()) if frames_twice(&reply) => return Read::Malformed(None),
            Ok(()) => break,
        }
    }
    reply.head.1 = at;
    match body(input, &mut at, request_was_head, &mut reply) {
        Err(Stop::Malformed) => Read::Malformed(Some(reply.status)),
        Err(Stop::End) => Read::CutOff(Some(reply.status)),
        Ok(()) => {
            reply.len = at;
            Read::Complete(reply)
        }
    }
}

fn head(input: &[u8], at: &mut usize, reply: &mut Reply) -> Result<()> {
    let line = strict_line(input, at)?;
    let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor @ (b'0' | b'1'), b' ', code @ ..] = line else {
        return Err(Stop::Malformed);
    };
    let digits = code.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits != 3 || !matches!(code.get(3), None | Some(b' ')) {
        return Err(Stop::Malformed);
    }
    reply.http_10 = *minor == b'0';
    reply.status = code[..3].iter().fold(0, |status, digit| status * 10 + u16::from(digit - b'0'));
    let (mut has_length, mut is_chunked) = (false, false);
    while let Some(field) = field(input, at, false)? {
        reply.is_lenient |= field.is_spoilt || field.value.contains(&FOLD);
        let value: Vec<u8> = field.value.iter().map(|byte| if *byte == FOLD { b' ' } else { *byte }).collect();
        let value = value.trim_ascii().to_vec();
        match field.name.as_str() {
            "content-length" if has_length || length(&value).is_none() => return Err(Stop::Malformed),
            "content-length" => has_length = true,
            "transfer-encoding" if is_chunked || !value.eq_ignore_ascii_case(b"chunked") => {
                return Err(Stop::Malformed);
            }
            "transfer-encoding" => is_chunked = true,
            _ => {}
        }
        reply.fields.push(Field { value, ..field });
    }
    Ok(())
}

/// Stands for a fold, while a head is read: no value holds this byte without being spoilt.
const FOLD: u8 = 0x1F;

/// The next byte at the cursor.
fn next(input: &[u8], at: &mut usize) -> Result<u8> {
    let byte = *input.get(*at).ok_or(Stop::End)?;
    *at += 1;
    Ok(byte)
}

/// A line that ends with CR LF and holds no control character but tabs.
fn strict_line<'i>(input: &'i [u8], at: &mut usize) -> Result<&'i [u8]> {
    let start = *at;
    loop {
        match next(input, at)? {
            b'\r' => {
                return match next(input, at)? {
                    b'\n' => Ok(&input[start..*at - 2]),
                    _ => Err(Stop::Malformed),
                };
            }
            0..=8 | 10..=31 | 127 => return Err(Stop::Malformed),
            _ => {}
        }
    }
}

fn is_strict(name: &str, is_trailer: bool) -> bool {
    is_trailer || matches!(name, "connection" | "content-length" | "transfer-encoding")
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// A field line, or none for the empty line at the end.
fn field(input: &[u8], at: &mut usize, is_trailer: bool) -> Result<Option<Field>> {
    let mut name = String::new();
    loop {
        match next(input, at)? {
            b':' if !name.is_empty() => break,
            // What a line without a colon is, its end tells.
            b'\r' => {
                return if next(input, at)? == b'\n' && name.is_empty() { Ok(None) } else { Err(Stop::Malformed) };
            }
            byte if is_token(byte) => name.push(byte.to_ascii_lowercase() as char),
            _ => return Err(Stop::Malformed),
        }
    }
    if is_strict(&name, is_trailer) {
        let value = strict_line(input, at)?.to_vec();
        return Ok(Some(Field { name, value, is_spoilt: false }));
    }
    let (mut value, mut is_spoilt) = (Vec::new(), false);
    loop {
        match next(input, at)? {
            0 => return Err(Stop::Malformed),
            end @ (b'\r' | b'\n') => {
                if end == b'\r' && next(input, at)? != b'\n' {
                    return Err(Stop::Malformed);
                }
                match input.get(*at) {
                    None => return Err(Stop::End),
                    // obs-fold = OWS CRLF RWS; of it, the CR may be missing
                    Some(b' ' | b'\t') => {
                        while let Some(b' ' | b'\t') = input.get(*at) {
                            *at += 1;
                        }
                        value.push(FOLD);
                    }
                    Some(_) if end == b'\n' => return Err(Stop::Malformed),
                    Some(_) => return Ok(Some(Field { name, value, is_spoilt })),
                }
            }
            byte => {
                is_spoilt |= byte < b' ' && byte != b'\t' || byte == 127;
                value.push(if byte == FOLD { b'?' } else { byte });
            }
        }
    }
}

/// `1*DIGIT`, below 2⁶⁴ - 1.
fn length(value: &[u8]) -> Option<usize> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    (number != u64::MAX).then_some(number as usize)
}

/// RFC 9112, 6.1 and 6.3
fn frames_twice(reply: &Reply) -> bool {
    let is_chunked = reply.last("transfer-encoding").is_some();
    is_chunked && (reply.http_10 || reply.last("content-length").is_some())
}

/// RFC 9112, 6.3
fn body(input: &[u8], at: &mut usize, request_was_head: bool, reply: &mut Reply) -> Result<()> {
    let length = reply.last("content-length").and_then(length);
    let is_chunked = reply.last("transfer-encoding").is_some();
    reply.is_bodiless = request_was_head || matches!(reply.status, 204 | 304);
    if reply.is_bodiless {
        return Ok(());
    }
    if let Some(length) = length {
        let rest = &input[*at..];
        reply.body = rest[..rest.len().min(length)].to_vec();
        *at += reply.body.len();
        return if reply.body.len() == length { Ok(()) } else { Err(Stop::End) };
    }
    if !is_chunked {
        reply.is_to_close = true;
        reply.body = input[*at..].to_vec();
        *at = input.len();
        return Ok(());
    }
    loop {
        let size = chunk_size(input, at)?;
        if size == 0 {
            break;
        }
        let rest = &input[*at..];
        let taken = rest.len().min(size);
        reply.body.extend_from_slice(&rest[..taken]);
        *at += taken;
        if taken < size {
            return Err(Stop::End);
        }
        for end in *b"\r\n" {
            if next(input, at)? != end {
                return Err(Stop::Malformed);
            }
        }
    }
    while field(input, at, true)?.is_some() {}
    Ok(())
}

/// `chunk-size [ chunk-ext ] CRLF`
fn chunk_size(input: &[u8], at: &mut usize) -> Result<usize> {
    let (mut size, mut digits) = (0_u64, 0);
    let mut byte = next(input, at)?;
    while let Some(digit) = (byte as char).to_digit(16) {
        size = size.checked_mul(16).ok_or(Stop::Malformed)? + u64::from(digit);
        digits += 1;
        byte = next(input, at)?;
    }
    if digits == 0 {
        return Err(Stop::Malformed);
    }
    let has_space = matches!(byte, b' ' | b'\t');
    while matches!(byte, b' ' | b'\t') {
        byte = next(input, at)?;
    }
    match byte {
        b'\r' if !has_space => {}
        b';' => {
            let mut is_quoted = false;
            loop {
                match next(input, at)? {
                    b'\r' if !is_quoted => break,
                    b'\\' if is_quoted => {
                        let escaped = next(input, at)?;
                        if escaped < b' ' && escaped != b'\t' || escaped == 127 {
                            return Err(Stop::Malformed);
                        }
                    }
                    b'"' => is_quoted = !is_quoted,
                    b'\t' => {}
                    0..=31 | 127 => return Err(Stop::Malformed),
                    _ => {}
                }
            }
        }
        _ => return Err(Stop::Malformed),
    }
    if next(input, at)? == b'\n' { Ok(size as usize) } else { Err(Stop::Malformed) }
}

/// That httparse reads the same head, where nothing in it was read leniently.
pub fn compare_with_httparse(input: &[u8], reply: &Reply) {
    if reply.is_lenient {
        return;
    }
    let mut fields = vec![httparse::EMPTY_HEADER; reply.fields.len() + 1];
    let mut theirs = httparse::Response::new(&mut fields);
    let len = theirs.parse(&input[reply.head.0..]).expect("httparse refuses it").unwrap();
    assert_eq!(len, reply.head.1 - reply.head.0);
    assert_eq!(theirs.code, Some(reply.status));
    assert_eq!(theirs.version, Some(u8::from(!reply.http_10)));
    let theirs = theirs.headers.iter().map(|field| (field.name.to_ascii_lowercase(), field.value.trim_ascii()));
    assert!(theirs.eq(reply.fields.iter().map(|field| (field.name.clone(), &field.value[..]))));
}
