//! A reply, read by httparse as it arrives.

/// Fields of a reply; more are an error.
const FIELDS: usize = 4096;

/// Where the body ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length(usize),
    /// In a chunk, of which so much is left.
    Chunk(usize),
    /// After a chunk's bytes.
    ChunkEnd,
    /// In the line of a chunk's size.
    Size,
    /// After the last chunk.
    Trailers,
    Close,
}

pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    pub body_len: usize,
    /// The body is kept.
    keeps: bool,
    head: Option<Framing>,
    /// What has come of a head, of a chunk's line or of trailers, where it has not come as a whole.
    pending: Vec<u8>,
    done: bool,
}

impl Reply {
    pub fn new(keeps: bool) -> Self {
        Reply { status: 0, body: Vec::new(), body_len: 0, keeps, head: None, pending: Vec::new(), done: false }
    }

    pub fn is_done(&self) -> bool {
        self.done
    }

    pub fn close(&mut self) {
        self.done |= self.head == Some(Framing::Close);
    }

    /// Takes a piece; the value of each `Set-Cookie` goes to `cookie`.
    pub fn feed(&mut self, mut piece: &[u8], cookie: impl FnMut(&[u8])) {
        if self.head.is_none() {
            piece = self.feed_head(piece, cookie);
        }
        while let Some(framing) = self.head.filter(|_| !piece.is_empty() && !self.done) {
            piece = self.feed_body(framing, piece);
        }
        self.done |= self.head == Some(Framing::Length(0));
    }

    /// Returns what lies behind the head.
    fn feed_head<'a>(&mut self, piece: &'a [u8], cookie: impl FnMut(&[u8])) -> &'a [u8] {
        if self.pending.is_empty() {
            if let Some(len) = self.read_head(piece, cookie) {
                return &piece[len..];
            }
            self.pending.extend_from_slice(piece);
            return &[];
        }
        // To be read once, when it is complete, and not for every piece.
        let before = self.pending.len();
        self.pending.extend_from_slice(piece);
        let from = before.saturating_sub(3);
        if !self.pending[from..].windows(4).any(|end| end == b"\r\n\r\n") {
            return &[];
        }
        let pending = std::mem::take(&mut self.pending);
        let len = self.read_head(&pending, cookie).expect("a head");
        &piece[len - before..]
    }

    /// How long the head is, if it is complete.
    fn read_head(&mut self, bytes: &[u8], mut cookie: impl FnMut(&[u8])) -> Option<usize> {
        let mut few = [httparse::EMPTY_HEADER; 64];
        let mut many;
        let mut response = httparse::Response::new(&mut few);
        let mut parsed = response.parse(bytes);
        if parsed == Err(httparse::Error::TooManyHeaders) {
            many = vec![httparse::EMPTY_HEADER; FIELDS];
            response = httparse::Response::new(&mut many);
            parsed = response.parse(bytes);
        }
        let httparse::Status::Complete(len) = parsed.expect("a reply") else { return None };
        self.status = response.code.expect("a status");
        let mut framing = Framing::Close;
        for field in response.headers.iter() {
            if field.name.eq_ignore_ascii_case("Set-Cookie") {
                cookie(field.value);
            } else if field.name.eq_ignore_ascii_case("Content-Length") {
                let value = std::str::from_utf8(field.value).expect("a length");
                framing = Framing::Length(value.trim().parse().expect("a length"));
            } else if field.name.eq_ignore_ascii_case("Transfer-Encoding") {
                framing = Framing::Size;
            }
        }
        self.head = Some(framing);
        Some(len)
    }

    /// Returns what has not been taken.
    fn feed_body<'a>(&mut self, framing: Framing, piece: &'a [u8]) -> &'a [u8] {
        match framing {
            Framing::Length(left) => {
                let taken = left.min(piece.len());
                self.take(&piece[..taken]);
                self.head = Some(Framing::Length(left - taken));
                self.done = left == taken;
                &piece[taken..]
            }
            Framing::Chunk(left) => {
                let taken = left.min(piece.len());
                self.take(&piece[..taken]);
                self.head = Some(if left == taken { Framing::ChunkEnd } else { Framing::Chunk(left - taken) });
                &piece[taken..]
            }
            Framing::Close => {
                self.take(piece);
                &[]
            }
            Framing::Size => match self.line(piece) {
                Some((line, rest)) => {
                    let size = match httparse::parse_chunk_size(&line) {
                        Ok(httparse::Status::Complete((_, size))) => size as usize,
                        _ => panic!("no size of a chunk"),
                    };
                    self.head = Some(if size == 0 { Framing::Trailers } else { Framing::Chunk(size) });
                    rest
                }
                None => &[],
            },
            Framing::ChunkEnd => match self.line(piece) {
                Some((_, rest)) => {
                    self.head = Some(Framing::Size);
                    rest
                }
                None => &[],
            },
            Framing::Trailers => match self.line(piece) {
                Some((line, rest)) => {
                    self.done = line.len() == 2;
                    rest
                }
                None => &[],
            },
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.body_len += bytes.len();
        if self.keeps {
            self.body.extend_from_slice(bytes);
        }
    }

    /// A line with its end, and what lies behind it. One that comes as a whole is not copied.
    fn line<'a>(&mut self, piece: &'a [u8]) -> Option<(std::borrow::Cow<'a, [u8]>, &'a [u8])> {
        let Some(end) = piece.iter().position(|&byte| byte == b'\n') else {
            self.pending.extend_from_slice(piece);
            return None;
        };
        let (line, rest) = piece.split_at(end + 1);
        if self.pending.is_empty() {
            return Some((line.into(), rest));
        }
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend_from_slice(line);
        Some((pending.into(), rest))
    }
}
