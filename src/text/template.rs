//! Writes a text that a template describes into buffers of any size, and goes on where the last one was full.
//!
//! A template is the text itself, with letters for what goes into it:
//!
//! | in a template | what is written |
//! |---|---|
//! | `$x` | the part that the letter `x` stands for |
//! | `$(x…$)` | what is between: once for each item of `x`, or not at all if there is none |
//! | `$l` | in a request, the part that it stands for, which is how long the body is |
//! | <code>$&#124;</code> | nothing: here the body begins, behind an empty line |
//! | `$.`, `$[…$]`, `$<` | nothing: before the first is the method, between the next two the request target, and behind the last are the fields |
//!
//! Everything else stands for itself; a group holds no other. Each byte is made but once, whatever the buffers: what is kept
//! between them is where the next one begins. Where words have 64 bits, a request is tried at once first, for its first buffer.

use core::mem::MaybeUninit;

use super::encoding::{Coding, Digits};
use super::fault::BufferTooSmall;

/// A template that has been read when compiling, by [`template!`]: steps, one after the other.
///
/// | a step | |
/// |---|---|
/// | 1 to 127 | so many bytes follow that stand for themselves |
/// | [`PART`] and a letter | |
/// | [`OPEN`], a letter, a length | how far it is to behind the end of the group |
/// | [`CLOSE`], a length | how far back it is to its beginning |
pub(crate) struct Template {
    steps: &'static [u8],
    marks: Marks,
}

/// Where its parts begin.
#[derive(Clone, Copy)]
struct Marks {
    body: u16,
    length: u16,
    method_end: u8,
    target: u8,
    target_end: u8,
    fields: u8,
}

/// The empty line before a body is a step of its own.
const EMPTY_LINE: u16 = 3;

const PART: u8 = 0x80;
const CLOSE: u8 = 0x80;
const OPEN: u8 = 0xFF;

macro_rules! template {
    ($($text:expr),+ $(,)?) => {{
        use crate::text::template::{Template, Steps};
        const TEXT: &str = concat!($($text),+);
        const LEN: usize = Steps::<{ 2 * TEXT.len() }>::of(TEXT).len;
        const STEPS: Steps<LEN> = Steps::of(TEXT);
        Template::of(&STEPS)
    }};
}
pub(crate) use template;

impl Template {
    pub(crate) const fn of<const N: usize>(steps: &'static Steps<N>) -> Self {
        Template { steps: &steps.steps, marks: steps.marks }
    }
}

/// The steps of a template, with room for more or for just these.
pub(crate) struct Steps<const N: usize> {
    steps: [u8; N],
    pub len: usize,
    marks: Marks,
}

impl<const N: usize> Steps<N> {
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        reason = "run by the compiler"
    )]
    pub(crate) const fn of(text: &str) -> Self {
        let text = text.as_bytes();
        let marks = Marks { body: 0, length: 0, method_end: 0, target: 0, target_end: 0, fields: 0 };
        let (mut this, mut at, mut open) = (Steps { steps: [0; N], len: 0, marks }, 0, 0);
        while at < text.len() {
            if text[at] != b'$' {
                let count = this.len;
                this = this.with(0);
                while at < text.len() && text[at] != b'$' && this.len - count < PART as usize {
                    this = this.with(text[at]);
                    at += 1;
                }
                this.steps[count] = (this.len - count - 1) as u8;
                continue;
            }
            match text[at + 1] {
                b'|' => this.marks.body = this.len as u16,
                b'.' => this.marks.method_end = this.len as u8,
                b'[' => this.marks.target = this.len as u8,
                b']' => this.marks.target_end = this.len as u8,
                b'<' => this.marks.fields = this.len as u8,
                b'(' => {
                    at += 1;
                    open = this.len;
                    this = this.with(OPEN).with(text[at + 1]).with(0);
                }
                b')' => {
                    let back = this.len - open;
                    this = this.with(CLOSE).with(back as u8);
                    this.steps[open + 2] = back as u8 + 2;
                }
                letter => {
                    if letter == b'l' {
                        this.marks.length = this.len as u16;
                    }
                    this = this.with(PART | letter);
                }
            }
            at += 2;
        }
        this
    }

    #[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "run by the compiler")]
    const fn with(mut self, byte: u8) -> Self {
        self.steps[self.len] = byte;
        self.len += 1;
        self
    }
}

/// What the letters of a template stand for.
pub(crate) trait Parts {
    /// The part of a letter; false if there is none. In a group it is that of an item, `item`: 0 at first, and then what the
    /// part of the group's letter said.
    fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool;
}

/// What a letter stands for. It is empty until something is set.
#[derive(Default)]
pub(crate) struct Part<'a> {
    pub text: &'a [u8],
    /// None if the text is written as it is.
    pub coding: Option<&'static Coding>,
    /// The item after this one; 0 if there is no other.
    pub next: usize,
    /// The place of the text, where it is a number or digits of base64.
    pub digits: Digits,
}

impl<'a> Part<'a> {
    /// Whether there is one.
    #[inline(never)]
    fn become_that_of(&mut self, letter: u8, item: usize, parts: &'a impl Parts) -> bool {
        (self.text, self.coding, self.next, self.digits.len) = (&[], None, 0, 0);
        parts.part(letter, item, self)
    }

    #[inline(always)]
    fn as_slice(&self) -> &[u8] {
        if self.text.is_empty() { self.digits.as_slice() } else { self.text }
    }
}

/// Where the next byte comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// In the template.
    at: usize,
    /// The item of the group, and the one after it.
    item: usize,
    next: usize,
    /// In a part or in what stands for itself, before it is encoded.
    offset: usize,
    /// How many bytes of an encoded one are written.
    done: usize,
}

impl Place {
    pub(crate) const START: Self = Place { at: 0, item: 0, next: 0, offset: 0, done: 0 };
}

/// A place for a byte that is written and never read: one of C's need not have a value before.
pub trait Slot: Copy {
    /// Gives it a value.
    fn set(&mut self, byte: u8);

    /// Gives values to all, of which there are as many as bytes.
    fn set_all(all: &mut [Self], bytes: &[u8]);
}

impl Slot for u8 {
    fn set(&mut self, byte: u8) {
        *self = byte;
    }

    fn set_all(all: &mut [Self], bytes: &[u8]) {
        if all.len() == bytes.len() {
            all.copy_from_slice(bytes);
        }
    }
}

impl Slot for MaybeUninit<u8> {
    fn set(&mut self, byte: u8) {
        // not covered: for C, whose tests read what is written
        self.write(byte);
    }

    fn set_all(all: &mut [Self], bytes: &[u8]) {
        // not covered: for C, whose tests read what is written
        all.iter_mut().zip(bytes).for_each(|(to, from)| to.set(*from));
    }
}

/// A buffer that is being filled, or none, to learn how long a text is.
pub(crate) struct Out<'b, S> {
    buffer: &'b mut [S],
    room: usize,
    written: usize,
}

impl<'b, S: Slot> Out<'b, S> {
    pub(crate) fn new(buffer: &'b mut [S]) -> Self {
        Out { room: buffer.len(), buffer, written: 0 }
    }

    /// Takes all, and keeps nothing.
    fn counting() -> Self {
        Out { buffer: &mut [], room: usize::MAX, written: 0 }
    }

    /// How many bytes have been written.
    pub(crate) fn written(&self) -> usize {
        self.written
    }

    /// How many more there is room for.
    #[expect(clippy::arithmetic_side_effects, reason = "no more is written than there is room")]
    fn left(&self) -> usize {
        self.room - self.written
    }

    /// Writes all of these bytes, if there is room for them.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "no more is written than there is room")]
    fn takes(&mut self, bytes: &[u8]) -> bool {
        if bytes.len() > self.left() {
            return false;
        }
        let end = self.written + bytes.len();
        if let Some(to) = self.buffer.get_mut(self.written..end) {
            S::set_all(to, bytes);
        }
        self.written = end;
        true
    }

    /// Writes as many bytes as there is room for; how many they are.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    #[expect(clippy::arithmetic_side_effects, reason = "no more is written than there is room")]
    pub(crate) fn put(&mut self, bytes: &[u8]) -> usize {
        let len = bytes.len().min(self.left());
        let end = self.written + len;
        if let (Some(to), Some(from)) = (self.buffer.get_mut(self.written..end), bytes.get(..len)) {
            S::set_all(to, from);
        }
        self.written = end;
        len
    }
}

impl Place {
    /// Writes on, up to the end of the steps or of the buffer; whether all is written.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the steps, or right behind them")]
    fn write<S: Slot>(&mut self, steps: &[u8], parts: &impl Parts, out: &mut Out<'_, S>) -> bool {
        let (mut part, mut at_hand) = (Part::default(), 0);
        while let Some([step, rest @ ..]) = steps.get(self.at..) {
            let (text, coding, len) = match (*step, rest) {
                (OPEN, [letter, len, ..]) => {
                    let is_there = part.become_that_of(*letter, self.item, parts);
                    (self.next, at_hand) = (part.next, *letter);
                    self.at += if is_there { 3 } else { usize::from(*len) };
                    if !is_there {
                        self.item = 0;
                    }
                    continue;
                }
                (CLOSE, [len, ..]) => {
                    self.item = self.next;
                    self.at = if self.item == 0 { self.at + 2 } else { self.at.wrapping_sub(usize::from(*len)) };
                    continue;
                }
                (PART.., _) => {
                    let letter = step & !PART;
                    if letter != at_hand {
                        part.become_that_of(letter, self.item, parts);
                        at_hand = letter;
                    }
                    (part.as_slice(), part.coding, 1)
                }
                (len, _) => (rest.get(..usize::from(len)).unwrap_or_default(), None, 1 + usize::from(len)),
            };
            // A chip has more use for the bytes that the short way takes.
            let is_short = cfg!(target_pointer_width = "64") && coding.is_none() && self.offset == 0;
            if !(is_short && out.takes(text) || self.put(text, coding, out)) {
                return false;
            }
            self.at += len;
        }
        true
    }

    /// Writes on in a text; whether all of it is written.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    #[expect(clippy::arithmetic_side_effects, reason = "a place in the text or in a unit")]
    fn put<S: Slot>(&mut self, text: &[u8], coding: Option<&Coding>, out: &mut Out<'_, S>) -> bool {
        while let Some(rest @ [byte, ..]) = text.get(self.offset..) {
            let run = match coding {
                Some(coding) if cfg!(target_pointer_width = "64") => coding.plain(rest, out.left().saturating_add(1)),
                Some(_) => 0, // not covered: on a chip, which has more use for the bytes that runs take
                None => rest.len(),
            };
            if let Some(coding) = coding.filter(|_| run == 0) {
                let (mut unit, mut len) = ([0; 6], 0);
                coding.unit(*byte, &mut unit, &mut len);
                self.done += out.put(unit.get(self.done..len).unwrap_or_default());
                if self.done < len {
                    return false;
                }
                self.done = 0;
                self.offset += 1;
            } else {
                let written = out.put(rest.get(..run).unwrap_or_default());
                self.offset += written;
                if written < run {
                    return false;
                }
            }
        }
        self.offset = 0;
        true
    }
}

impl Template {
    /// Writes on, up to the end of the template or of the buffer; whether all is written.
    pub(crate) fn write<S: Slot>(&self, place: &mut Place, parts: &impl Parts, out: &mut Out<'_, S>) -> bool {
        place.write(self.steps, parts, out)
    }

    /// Where a template says how long its body is: writes all at once, if the buffer has room for it, and returns how much that is.
    /// The length is put in when the body is there, so that this is gone through once. A chip has more use for the bytes that
    /// it takes.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "places in the buffer, from left to right")]
    pub(crate) fn write_at_once<S: Slot>(&self, parts: &impl Parts, out: &mut [S]) -> Option<usize> {
        let Marks { length, body, .. } = self.marks;
        if cfg!(not(target_pointer_width = "64")) || length == 0 {
            return None;
        }
        let mut ends = [0; 3];
        let mut all = Out::new(out);
        for (end, (first, behind)) in ends.iter_mut().zip([(0, length), (length + 1, body), (body, u16::MAX)]) {
            if !self.part(first, behind).write(&mut Place::default(), parts, &mut all) {
                return None;
            }
            *end = all.written();
        }
        let [start, body, end] = ends;
        let mut digits = Digits::default();
        digits.number(end - body);
        let digits = digits.as_slice();
        let end = end + digits.len();
        let from_length = out.get_mut(start..end)?;
        from_length.copy_within(..from_length.len() - digits.len(), digits.len());
        S::set_all(from_length.get_mut(..digits.len())?, digits);
        Some(end)
    }

    /// The length of the text.
    pub(crate) fn len<S: Slot>(&self, parts: &impl Parts) -> usize {
        length_of::<S>(self.steps, parts)
    }

    /// The length of the body, where a template says it.
    pub(crate) fn body_len<S: Slot>(&self, parts: &impl Parts) -> usize {
        let body = self.steps.get(usize::from(self.marks.body)..).unwrap_or_default();
        if self.marks.length == 0 { 0 } else { length_of::<S>(body, parts) }
    }

    /// The body alone.
    pub(crate) fn body(&self) -> Template {
        self.part(self.marks.body, u16::MAX)
    }

    /// The method alone.
    pub(crate) fn method(&self) -> Template {
        self.part(0, self.marks.method_end.into())
    }

    /// The request target alone.
    pub(crate) fn target(&self) -> Template {
        self.part(self.marks.target.into(), self.marks.target_end.into())
    }

    /// The field lines alone, but for the first of the request.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "asked of requests alone, whose body begins behind the empty line"
    )]
    pub(crate) fn fields(&self) -> Template {
        self.part(self.marks.fields.into(), self.marks.body - EMPTY_LINE)
    }

    fn part(&self, start: u16, end: u16) -> Template {
        let end = self.steps.len().min(end.into());
        Template { steps: self.steps.get(start.into()..end).unwrap_or_default(), marks: self.marks }
    }

    /// Writes all, if the buffer has room for it; otherwise it is as it was.
    pub(crate) fn write_whole<S: Slot>(&self, parts: &impl Parts, out: &mut [S]) -> Result<usize, BufferTooSmall> {
        let needed = self.len::<S>(parts);
        if needed > out.len() {
            return Err(BufferTooSmall { needed });
        }
        self.write(&mut Place::default(), parts, &mut Out::new(out));
        Ok(needed)
    }
}

/// For the same buffers as what is written, so that there is no other copy of all this.
fn length_of<S: Slot>(steps: &[u8], parts: &impl Parts) -> usize {
    let mut counted = Out::<S>::counting();
    Place::default().write(steps, parts, &mut counted);
    counted.written()
}

/// A text alone, encoded.
pub(crate) struct Encoded<'a>(pub &'a str, pub &'static Coding);

impl Encoded<'_> {
    /// Writes it, whatever the coding, and says how many bytes it is.
    #[inline(never)]
    pub(crate) fn write<S: Slot>(self, out: &mut [S]) -> Result<usize, BufferTooSmall> {
        template!("$t").write_whole(&self, out)
    }
}

impl Parts for Encoded<'_> {
    fn part<'a>(&'a self, _: u8, _: usize, part: &mut Part<'a>) -> bool {
        part.text = self.0.as_bytes();
        part.coding = Some(self.1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::{FORM, JSON, QUERY};
    use super::*;
    use proptest::prelude::*;
    use std::format;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    struct Letters;

    const LIST: [&str; 3] = ["one", "\"two\"", ""];

    impl Parts for Letters {
        fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
            match letter {
                b'n' => part.digits.number(1234),
                b't' => part.text = b"text",
                b'e' => {}
                b'i' if item < LIST.len() => {
                    part.text = LIST[item].as_bytes();
                    part.coding = Some(&JSON);
                    part.next = item + 1;
                }
                _ => return false,
            }
            true
        }
    }

    fn write(steps: &[u8], width: usize) -> String {
        let (mut place, mut all) = (Place::default(), Vec::new());
        loop {
            let mut buffer = vec![0; width];
            let mut out = Out::new(&mut buffer);
            let is_whole = place.write(steps, &Letters, &mut out);
            let written = out.written();
            assert!(is_whole || written == width, "only a full buffer ends it");
            all.extend_from_slice(&buffer[..written]);
            if is_whole {
                return String::from_utf8(all).unwrap();
            }
        }
    }

    #[test]
    fn parts_and_groups_are_the_same_in_buffers_of_every_size() {
        let long = "as it is; ".repeat(20);
        for (template, expected) in [
            (template!(""), ""),
            (template!("as it is"), "as it is"),
            (template!("$t: $n"), "text: 1234"),
            (template!("$x|$e$|$t"), "|text"),
            (template!("a$(t, $t!$)b$(x, $x!$)c$(e$e$)"), "a, text!bc"),
            (template!("[$(i$i;$)]"), "[one;\\\"two\\\";;]"),
            (template!("[$(x-$x$)]$(i$i$)"), "[]one\\\"two\\\""),
            (
                template!(
                    "as it is; as it is; as it is; as it is; as it is; as it is; as it is; as it is; as it is; as it is; ",
                    "as it is; as it is; as it is; as it is; as it is; as it is; as it is; as it is; as it is; as it is; "
                ),
                &*long,
            ),
        ] {
            for width in 1..=expected.len() + 1 {
                assert_eq!(write(template.steps, width), expected, "in {width}");
            }
            assert_eq!(template.len::<u8>(&Letters), expected.len());
        }
    }

    #[test]
    fn a_template_is_read_as_steps_and_marks() {
        let text = "$t$. $[/$n$]\r\n$(e$e$)$<$(i, $i;$)$l\r\n\r\n$|body";
        let steps = Steps::<64>::of(text);
        let group_of_one = [OPEN, b'e', 6, PART | b'e', CLOSE, 4];
        let group_of_more = [&[OPEN, b'i', 11, 2][..], b", ", &[PART | b'i', 1], b";", &[CLOSE, 9]].concat();
        let expected = [
            &[PART | b't', 1][..],
            b" ",
            &[1],
            b"/",
            &[PART | b'n', 2],
            b"\r\n",
            &group_of_one,
            &group_of_more,
            &[PART | b'l', 4],
            b"\r\n\r\n",
            &[4],
            b"body",
        ];
        assert_eq!(steps.steps[..steps.len], expected.concat());
        let Marks { method_end, target, target_end, fields, length, body } = steps.marks;
        assert_eq!([method_end, target, target_end, fields], [1, 3, 6, 15]);
        assert_eq!([length, body].map(usize::from), [11, 5].map(|behind| steps.len - behind));
    }

    #[test]
    fn what_stands_for_itself_is_a_step_for_each_127_bytes() {
        for len in [1, 126, 127, 128, 254, 255] {
            let text = "x".repeat(len);
            let steps = Steps::<264>::of(&text);
            let expected = text.as_bytes().chunks(127).flat_map(|chunk| [&[chunk.len() as u8], chunk].concat());
            assert_eq!(steps.steps[..steps.len], expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_body_begins_where_the_template_says() {
        let template = template!("head$|body$t");
        assert_eq!(write(template.body().steps, 9), "bodytext");
        assert_eq!(template.body().len::<u8>(&Letters), 8);
        let template = template!("$t $[/$n$] 1\r\nHost$(e: $e$)\r\n$<$t: $n$(i$i$)\r\n\r\n$|$t");
        assert_eq!(write(template.target().steps, 3), "/1234");
        assert_eq!(write(template.body().steps, 3), "text");
    }

    /// What a request is made of: its body's length, and the text in its body.
    struct Body(usize, String);

    impl Parts for Body {
        fn part<'a>(&'a self, letter: u8, _: usize, part: &mut Part<'a>) -> bool {
            match letter {
                b'l' => part.digits.number(self.0),
                _ => (part.text, part.coding) = (self.1.as_bytes(), Some(&JSON)),
            }
            true
        }
    }

    #[test]
    fn what_says_how_long_its_body_is_is_written_at_once_where_there_is_room_for_it() {
        let template = template!("head$(l\r\nlength: $l$)\r\n$|{$t}");
        for len in [0, 1, 7, 8, 97, 98, 1000] {
            let mut body = Body(0, "\"".repeat(len));
            body.0 = template.body_len::<u8>(&body);
            assert_eq!(body.0, 2 * len + 2);
            let expected = format!("head\r\nlength: {}\r\n{{{}}}", body.0, "\\\"".repeat(len));
            body.0 = 0; // it is not asked
            for width in [0, 1, 5, 17, expected.len() - 1, expected.len(), expected.len() + 1] {
                let mut buffer = vec![b'.'; width];
                let written = template.write_at_once(&body, &mut buffer);
                let is_wide = width >= expected.len();
                assert_eq!(written, (is_wide && cfg!(target_pointer_width = "64")).then_some(expected.len()));
                if let Some(written) = written {
                    assert_eq!(buffer[..written], *expected.as_bytes());
                    assert!(buffer[written..].iter().all(|byte| *byte == b'.'), "nothing is left behind it");
                }
            }
        }
        assert_eq!(template!("$|{$t}").write_at_once(&Body(0, String::new()), &mut [0; 9]), None);
    }

    fn encoded(text: &str, coding: &'static Coding) -> Vec<u8> {
        let mut out = vec![0; 6 * text.len()];
        let len = Encoded(text, coding).write(&mut out).unwrap();
        out.truncate(len);
        out
    }

    proptest! {
        #[test]
        fn json_strings_read_back_by_serde_json(text in any::<String>()) {
            let json = [b"\"", &*encoded(&text, &JSON), b"\""].concat();
            prop_assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text);
        }

        #[test]
        fn queries_and_forms_read_back_by_the_url_crate(
            name in any::<String>(),
            value in any::<String>(),
            is_form in any::<bool>(),
        ) {
            let coding = if is_form { &FORM } else { &QUERY };
            let query = [&*encoded(&name, coding), b"=", &*encoded(&value, coding)].concat();
            prop_assert!(query.iter().all(u8::is_ascii_graphic));
            let pairs: Vec<_> = url::form_urlencoded::parse(&query).collect();
            prop_assert_eq!(pairs, [(name.into(), value.into())]);
        }
    }
}
