//! Finds a secret in a text in whatever way it is written there: as it is, escaped as in JSON, in a URL, in a form, in HTML or in a
//! log, one of these in another, or in base64 with something before and behind it, as in `Authorization`.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How often one way may be within another: JSON in a form in a log, say.
const DEPTH: u32 = 3;
/// What a text ends with that was cut.
pub const CUT: char = '…';
/// The longest way of writing a character, one within another, of which the end may be cut off.
const LONGEST: usize = 24;
/// What is shorter stands in too many words, and is hidden where it stands by itself.
const SHORT: usize = 4;
const HIDDEN: &str = "***";

/// The text without any of the secrets.
pub fn hidden(text: &str, secrets: &[&str]) -> String {
    let text = without_base64(text, secrets);
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let before = shown.chars().next_back();
        let longest = secrets.iter().filter_map(|secret| at_front(rest, secret, before)).max();
        match longest {
            Some(len) => {
                shown += HIDDEN;
                rest = &rest[len..];
            }
            None => {
                shown.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    shown
}

/// How many bytes at the front of the text the secret takes, if it is there. At the end of a text that was cut a beginning of it is enough.
fn at_front(text: &str, secret: &str, before: Option<char>) -> Option<usize> {
    let secret: Vec<char> = secret.chars().collect();
    let len = matched(text, &secret, 0)?;
    let is_alone = || {
        let is_of_a_word = |c: char| c.is_alphanumeric();
        !before.is_some_and(is_of_a_word) && !text[len..].chars().next().is_some_and(is_of_a_word)
    };
    (secret.len() >= SHORT || is_alone()).then_some(len)
}

fn matched(text: &str, secret: &[char], done: usize) -> Option<usize> {
    let Some(wanted) = secret.get(done) else { return (done > 0).then_some(0) };
    if let Some(rest) = text.strip_suffix(CUT)
        && done >= SHORT
        && (rest.is_empty() || rest.len() < LONGEST && rest.starts_with(['%', '\\', '&']))
    {
        return Some(rest.len());
    }
    let fits = |(_, len): &(char, usize)| matched(&text[*len..], secret, done + 1).map(|rest| len + rest);
    readings(text, DEPTH).iter().filter(|(c, _)| c == wanted).find_map(fits)
}

/// What the first character may be, and how many bytes it takes, where it may be written in one way within another.
fn readings(text: &str, depth: u32) -> Vec<(char, usize)> {
    let Some(first) = text.chars().next() else { return vec![] };
    let mut readings = vec![(first, first.len_utf8())];
    // Only these begin something else.
    if depth == 0 || !matches!(first, '%' | '\\' | '&' | '+') {
        return readings;
    }
    for way in [percent, backslash, entity] {
        readings.extend(way(text, depth));
    }
    if first == '+' {
        readings.push((' ', 1));
    }
    readings
}

/// The lengths that this character may have at the front, in the ways of writing it.
fn marks(text: &str, wanted: char, depth: u32) -> Vec<usize> {
    readings(text, depth - 1).into_iter().filter(|(c, _)| *c == wanted).map(|(_, len)| len).collect()
}

/// Hexadecimal digits at the front.
fn digits(text: &str, count: usize) -> Option<u32> {
    u32::from_str_radix(text.get(..count).filter(|digits| !digits.starts_with('+'))?, 16).ok()
}

/// `%C3%A4`
fn percent(text: &str, depth: u32) -> Vec<(char, usize)> {
    marks(text, '%', depth).into_iter().flat_map(|len| bytes(text, &text[..len])).collect()
}

/// A character that is written by its bytes, each a mark and two digits: those of UTF-8, or a single one of Latin-1.
fn bytes(text: &str, mark: &str) -> Vec<(char, usize)> {
    let (mut found, mut bytes, mut rest) = (vec![], vec![], text);
    while let Some(behind) = rest.strip_prefix(mark)
        && let Some(byte) = digits(behind, 2).and_then(|byte| u8::try_from(byte).ok())
        && bytes.len() < 4
    {
        rest = &behind[2..];
        bytes.push(byte);
        let len = text.len() - rest.len();
        if bytes.len() == 1 && byte >= 0x80 {
            found.push((char::from(byte), len));
        }
        if let Ok(read) = std::str::from_utf8(&bytes) {
            found.extend(read.chars().map(|c| (c, len)));
            break;
        }
    }
    found
}

/// `\u00e4`, a pair of surrogates, `\xc3\xa4`, or a character behind a backslash.
fn backslash(text: &str, depth: u32) -> Vec<(char, usize)> {
    let all = marks(text, '\\', depth).into_iter().flat_map(|len| {
        let (mark, rest) = text.split_at(len);
        let mut found: Vec<_> = utf16(text, &format!("{mark}u")).into_iter().collect();
        found.extend(bytes(text, &format!("{mark}x")));
        found.extend(readings(rest, depth - 1).into_iter().filter_map(|(c, more)| Some((escaped(c)?, len + more))));
        found
    });
    all.collect()
}

/// A character by one or two units of UTF-16, each a mark and four digits.
fn utf16(text: &str, mark: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u16::try_from(digits(text.strip_prefix(mark)?, 4)?).ok();
    let first = unit(text)?;
    let len = mark.len() + 4;
    let (units, len) = match text.get(len..).and_then(unit) {
        Some(second) if (0xD800..0xDC00).contains(&first) => (vec![first, second], 2 * len),
        _ => (vec![first], len),
    };
    char::decode_utf16(units).next()?.ok().map(|c| (c, len))
}

/// What a character behind a backslash stands for.
fn escaped(c: char) -> Option<char> {
    match c {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        c => (!c.is_ascii_alphanumeric()).then_some(c),
    }
}

/// `&quot;`, `&#228;` or `&#xe4;`.
fn entity(text: &str, depth: u32) -> Vec<(char, usize)> {
    const NAMES: [(&str, char); 6] =
        [("quot", '"'), ("amp", '&'), ("lt", '<'), ("gt", '>'), ("apos", '\''), ("nbsp", ' ')];
    let all = marks(text, '&', depth).into_iter().flat_map(|len| {
        let rest = &text[len..];
        let mut found: Vec<_> =
            NAMES.iter().filter(|(name, _)| rest.starts_with(name)).map(|(name, c)| (*c, name.len())).collect();
        found.extend(
            marks(rest, '#', depth)
                .into_iter()
                .filter_map(|mark| numbered(&rest[mark..]).map(|(c, more)| (c, mark + more))),
        );
        // The semicolon is left out now and then.
        let end = |more: usize| marks(&rest[more..], ';', depth).first().copied().unwrap_or_default();
        found.into_iter().map(|(c, more)| (c, len + more + end(more))).collect::<Vec<_>>()
    });
    all.collect()
}

/// A character by its number.
fn numbered(text: &str) -> Option<(char, usize)> {
    let (number, radix) = text.strip_prefix(['x', 'X']).map_or((text, 10), |number| (number, 16));
    let end = number.find(|c: char| !c.is_digit(radix)).unwrap_or(number.len());
    let c = char::from_u32(u32::from_str_radix(&number[..end], radix).ok()?)?;
    Some((c, text.len() - number.len() + end))
}

/// The text without runs of base64 in which a secret is.
fn without_base64(text: &str, secrets: &[&str]) -> String {
    let is_of_base64 = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (run, behind) = rest.split_at(rest.find(|c| !is_of_base64(c)).unwrap_or(rest.len()));
        shown += if has_secret(run, secrets) { HIDDEN } else { run };
        let (between, behind) = behind.split_at(behind.find(is_of_base64).unwrap_or(behind.len()));
        shown += between;
        rest = behind;
    }
    shown
}

/// Whether base64, wherever in the run it begins, has a secret in it.
fn has_secret(run: &str, secrets: &[&str]) -> bool {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engines = [GeneralPurpose::new(&STANDARD, lenient), GeneralPurpose::new(&URL_SAFE, lenient)];
    let run = run.trim_end_matches('=');
    (0..4).filter_map(|start| run.get(start..)).any(|run| {
        // A single character at the end is none that is whole.
        let run = if run.len() % 4 == 1 { &run[..run.len() - 1] } else { run };
        engines.iter().filter_map(|engine| engine.decode(run).ok()).any(|bytes| {
            let text = String::from_utf8_lossy(&bytes);
            let long = |secret: &&&str| secret.chars().count() >= SHORT;
            secrets.iter().filter(long).any(|secret| {
                let secret: Vec<char> = secret.chars().collect();
                text.char_indices().any(|(at, _)| matched(&text[at..], &secret, 0).is_some())
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "p\"a\\s's-w\u{f6}r&d \u{1f511}/+%41";

    /// All but letters and digits as `\u` and four digits.
    fn in_utf16(text: &str, spell: fn(u16) -> String) -> String {
        let unit = |unit: u16| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("\\u{}", spell(unit)),
        };
        text.encode_utf16().map(unit).collect()
    }

    fn in_json(text: &str) -> String {
        let quoted = serde_json::to_string(text).unwrap();
        quoted[1..quoted.len() - 1].to_owned()
    }

    fn in_url(text: &str, kept: &str) -> String {
        let byte = |byte: u8| {
            let c = char::from(byte);
            if c.is_ascii_alphanumeric() || kept.contains(c) { c.to_string() } else { format!("%{byte:02X}") }
        };
        text.bytes().map(byte).collect()
    }

    fn in_form(text: &str) -> String {
        in_url(text, "-._* ").replace(' ', "+")
    }

    fn in_html(text: &str) -> String {
        let name = |c: char| match c {
            '"' => "&quot;".into(),
            '\'' => "&#39;".into(),
            '&' => "&amp;".into(),
            c if !c.is_ascii() => format!("&#x{:X};", u32::from(c)),
            c => c.to_string(),
        };
        text.chars().map(name).collect()
    }

    #[test]
    fn a_secret_is_hidden_in_each_way_of_writing_it_and_in_one_within_another() {
        let small = |unit| format!("{unit:04x}");
        let large = |unit| format!("{unit:04X}");
        for written in [
            SECRET.to_owned(),
            in_json(SECRET),
            in_json(SECRET).replace('/', "\\/"),
            in_utf16(SECRET, small),
            in_utf16(SECRET, large),
            in_form(SECRET),
            in_url(SECRET, "-._~"),
            in_url(SECRET, "-._~").to_lowercase(),
            in_url(SECRET, "-._~!'()*;,/?:@&=+$"),
            SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            in_html(SECRET),
            SECRET.as_bytes().escape_ascii().to_string(),
            in_url(&in_json(SECRET), "-._~"),
            in_form(&in_utf16(SECRET, small)),
            in_url(&in_url(SECRET, "-._~"), ""),
            in_json(&in_json(SECRET)),
            in_html(&in_json(SECRET)),
            in_json(&in_html(SECRET)),
        ] {
            for (before, behind) in [("", ""), ("so: ", "!"), ("\"", "\""), ("user=x&pw=", "&y=z")] {
                let text = format!("{before}{written}{behind}");
                assert_eq!(hidden(&text, &["other", SECRET]), format!("{before}***{behind}"), "{text}");
            }
            // A text that was cut shows no beginning of it.
            for (end, _) in written.char_indices().skip(written.chars().count() / 2) {
                let shown = hidden(&format!("{}{CUT}", &written[..end]), &[SECRET]);
                assert_eq!(shown, "***…", "{} of {written}", &written[..end]);
            }
        }
    }

    #[test]
    fn a_secret_is_hidden_in_base64_with_a_name_before_it() {
        for (name, engine) in [("a", STANDARD), ("ab", STANDARD), ("abc", STANDARD), ("abc", URL_SAFE)] {
            for padding in [true, false] {
                let config = GeneralPurposeConfig::new().with_encode_padding(padding);
                let written = GeneralPurpose::new(&engine, config).encode(format!("{name}:{SECRET}\n"));
                let shown = hidden(&format!("Authorization: Basic {written} is wrong"), &[SECRET]);
                assert_eq!(shown, "Authorization: Basic *** is wrong");
                let in_form = hidden(&format!("h=Basic%20{}&x=1", written.replace('=', "%3D")), &[SECRET]);
                assert!(!in_form.contains(&written[8..20]), "{in_form}");
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "",
            "…",
            "a sword",
            "p\"a…",
            "100 % of \\them & <b>&#x;</b> %zz \\u12",
            "c2hvcnQ=",
            "p\"a\\s",
            "\u{f6}%C3",
        ] {
            assert_eq!(hidden(text, &[SECRET]), text);
        }
    }

    #[test]
    fn a_short_secret_is_hidden_where_it_stands_by_itself() {
        assert_eq!(hidden("pin 12, of 123 or 0x12: %31%32", &["12"]), "pin ***, of 123 or 0x12: ***");
    }
}
