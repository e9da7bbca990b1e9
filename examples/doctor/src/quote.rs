//! What a site has said, in the middle of what the program says. A secret is hidden there and nowhere else: a password that is a word of
//! the program's own would show by its absence.

/// The marks of a quotation, which no terminal gets to see.
const BEGIN: char = '\u{2}';
const END: char = '\u{3}';

/// A text of the site's.
pub fn quoted(text: &str) -> String {
    format!("{BEGIN}{}{END}", text.replace(char::is_control, " "))
}

/// What the site says about it, as the end of a sentence; nothing where it says nothing.
pub fn says(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("; it says: {}", quoted(text)) }
}

/// The text without marks, what is quoted having been changed.
pub fn unquoted(text: &str, change: impl Fn(&str) -> String) -> String {
    let (mut shown, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (quotation, behind) = after.split_once(END).unwrap_or((after, ""));
        shown = shown + before + &change(quotation);
        rest = behind;
    }
    (shown + rest).replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_where_the_site_speaks() {
        let words = format!("session{} of a session {}", says("session\u{3}\r\n"), quoted("x"));
        let shown = unquoted(&words, |text| text.replace("session", "***"));
        assert_eq!(shown, "session; it says: ***    of a session x");
    }
}
