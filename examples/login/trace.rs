//! Shows the bytes of an exchange, secrets masked.

use serde_json::Value;

use crate::output::say;

/// Whether exchanges are shown, and what else is secret in them.
pub struct Trace {
    enabled: bool,
    /// The name of a field that is the user's own.
    secret_field: Option<String>,
}

impl Trace {
    pub fn new(enabled: bool, secret_field: Option<&str>) -> Self {
        Trace { enabled, secret_field: secret_field.map(str::to_ascii_lowercase) }
    }

    /// Begins with an exchange.
    pub fn begin(&self) -> ExchangeTrace<'_> {
        ExchangeTrace {
            enabled: self.enabled,
            secret_field: self.secret_field.as_deref(),
            sent: vec![],
            received: vec![],
        }
    }
}

/// Gathers the bytes both ways, and prints them when it is dropped.
pub struct ExchangeTrace<'t> {
    enabled: bool,
    secret_field: Option<&'t str>,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl ExchangeTrace<'_> {
    pub fn sent(&mut self, bytes: &[u8]) {
        if self.enabled {
            self.sent.extend_from_slice(bytes);
        }
    }

    /// What belongs to the reply. Of what comes behind its end nobody knows what it is.
    pub fn received(&mut self, bytes: &[u8]) {
        if self.enabled {
            self.received.extend_from_slice(bytes);
        }
    }
}

impl Drop for ExchangeTrace<'_> {
    fn drop(&mut self) {
        let (sent, received) = (String::from_utf8_lossy(&self.sent), String::from_utf8_lossy(&self.received));
        let asks_for_token = FORMS.iter().any(|form| sent.contains(form));
        let mask_reply = if asks_for_token { masked_token } else { |_: &str, body: &str| body.to_owned() };
        let own = self.secret_field;
        for (mark, message) in [('>', masked(&sent, own, masked_request)), ('<', masked(&received, own, mask_reply))]
        {
            for line in message.lines() {
                // Nothing can be passed on from here; whatever is said next finds the same.
                let _ = say!("{mark} {}", line.replace(char::is_control, "\u{FFFD}"));
            }
        }
    }
}

/// How the body of a request for a token begins, and of one to revoke it.
const FORMS: [&str; 2] = ["\r\n\r\ngrant_type=", "\r\n\r\ntoken_type_hint="];

/// What of such a form is secret.
const FORM_SECRETS: [&str; 5] = ["client_secret", "code", "code_verifier", "refresh_token", "token"];

/// The text of a message without the secrets in its lines, of which one may be the user's `own`, and without those in its
/// body, which are `mask_body`'s.
fn masked(message: &str, own: Option<&str>, mask_body: fn(&str, &str) -> String) -> String {
    let Some((head, body)) = message.split_once("\r\n\r\n") else {
        // Where there is no proper end of a head, a body may stand behind an improper one.
        let at = message.find(['{', '[']).unwrap_or(message.len());
        let (head, rest) = message.split_at(at);
        return masked_lines(&format!("{head}{}", mask_body(head, rest)), own);
    };
    let is_interim = head.starts_with("HTTP/1.1 1"); // the reply comes behind it
    let body = if is_interim { masked(body, own, mask_body) } else { mask_body(head, body) };
    // Trailers, and what else looks like lines of a head, stand in what was taken for a body.
    masked_lines(&format!("{head}\r\n\r\n{body}"), own)
}

/// In the name of a line, whatever stands around them, they have the value hidden.
const SECRET_NAMES: [&str; 3] = ["cookie", "authorization", "csrf"];
/// Anywhere in a line, they have all behind them hidden.
const SECRETS: [&str; 6] = [".aspxauth", "bpmsessionid", "bpmloader", "bpmcsrf", "crt_csrf", "csrftoken"];

/// Hides by the bytes: nothing is said of what is a line to the library, which may be at odds with whoever has sent it. What
/// is hidden ends with CR LF that no white space follows, and nowhere else.
fn masked_lines(text: &str, own: Option<&str>) -> String {
    let (mut lines, mut hides) = (vec![], false);
    for line in text.split("\r\n") {
        let is_fold = line.starts_with(|first: char| first.is_whitespace() || first.is_control());
        hides = hides && is_fold;
        lines.push(match secret_in(line, own) {
            _ if hides => hidden("", line),
            None => line.to_owned(),
            Some(at) => {
                hides = true;
                masked_line(line, own).unwrap_or_else(|| hidden(&line[..at], &line[at..]))
            }
        });
    }
    lines.join("\r\n")
}

fn hidden(shown: &str, secret: &str) -> String {
    format!("{shown} *** ({} bytes)", secret.len())
}

/// From where on a line is secret.
fn secret_in(line: &str, own: Option<&str>) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    let end_of = |text: &str, word: &str| text.find(word).map(|at| at + word.len());
    let mut ends: Vec<usize> = SECRETS.iter().filter_map(|word| end_of(&lower, word)).collect();
    let mut start = 0;
    for piece in lower.split(char::is_control) {
        let name = piece.split_once(':').map_or(piece, |(name, _)| name);
        let words = SECRET_NAMES.iter().copied().chain(own);
        ends.extend(words.filter_map(|word| Some(start + end_of(name, word)?)));
        start += piece.len();
        start += lower[start..].chars().next().map_or(0, char::len_utf8);
    }
    ends.into_iter().min()
}

/// In a login the password and the one-time code are secret, in a request for a token the client's secret, codes and tokens.
fn masked_request(_: &str, body: &str) -> String {
    if FORMS.iter().any(|form| body.starts_with(form.trim_start())) {
        let shown = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if FORM_SECRETS.contains(&name) => format!("{name}=***"),
            _ => pair.to_owned(),
        };
        return body.split('&').map(shown).collect::<Vec<_>>().join("&");
    }
    match serde_json::from_str::<Value>(body) {
        Ok(document) if document.get("UserPassword").is_some() => {
            without(document, &["UserPassword", "NewUserPassword", "ConfirmUserPassword", "ClaimList"])
        }
        _ => body.into(),
    }
}

/// What answers a request for a token: JSON without the token, a web page as it is, and nothing of what cannot be read.
fn masked_token(head: &str, body: &str) -> String {
    let is_chunked = head.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked");
    let content = if is_chunked { unchunked(body) } else { body.to_owned() };
    match serde_json::from_str(&content) {
        Ok(document) => without(document, &["access_token", "refresh_token", "id_token"]),
        Err(_) if content.trim_start().starts_with('<') && !content.contains("_token\"") => content,
        Err(_) if body.is_empty() => String::new(),
        Err(_) => format!("*** ({} bytes)", body.len()),
    }
}

/// The document without the values of these members.
fn without(mut document: Value, secrets: &[&str]) -> String {
    for secret in secrets {
        if let Some(value) = document.get_mut(secret) {
            *value = "***".into();
        }
    }
    document.to_string()
}

/// A chunk boundary may be anywhere, also inside a token. Ends where the chunks do not make sense.
fn unchunked(mut body: &str) -> String {
    let mut content = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        match rest.split_at_checked(size) {
            Some((chunk, rest)) if size > 0 => {
                content += chunk;
                body = rest.strip_prefix("\r\n").unwrap_or(rest);
            }
            _ => break,
        }
    }
    content
}

/// A proper line of a field that is known, in parts; none of any other.
fn masked_line(line: &str, own: Option<&str>) -> Option<String> {
    let (name, value) = line.split_once(':').filter(|(_, value)| !value.contains(char::is_control))?;
    let masked = match name.to_ascii_lowercase().as_str() {
        "cookie" => value.split(';').map(masked_pair).collect::<Vec<_>>().join(";"),
        "set-cookie" => {
            let mut parts = value.split(';');
            let pair = masked_pair(parts.next().unwrap_or_default());
            parts.fold(pair, |shown, attribute| format!("{shown};{}", masked_attribute(attribute)))
        }
        // The scheme is none: `Bearer` or `Basic`.
        "authorization" => match value.trim().split_once(' ') {
            Some((scheme, secret)) => hidden(&format!(" {scheme}"), secret),
            None => hidden("", value.trim()),
        },
        name if ["bpmcsrf", "crt_csrf"].contains(&name) || Some(name) == own => hidden("", value.trim()),
        _ => return None,
    };
    Some(format!("{name}:{masked}"))
}

/// A cookie's name and the length of its value.
fn masked_pair(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    format!("{name}=*** ({} bytes)", value.len())
}

/// An attribute as it is, unless another cookie hides in it, as where several were joined by commas.
fn masked_attribute(attribute: &str) -> String {
    let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
    let known = ["path", "domain", "expires", "max-age", "samesite", "secure", "httponly"];
    if known.contains(&name.trim().to_ascii_lowercase().as_str()) && !value.contains('=') {
        return attribute.to_owned();
    }
    hidden("", attribute)
}
