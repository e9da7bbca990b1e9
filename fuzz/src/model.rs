//! A session as it should be: cookies, what authorises, and what has become of sign-ins (protocol notes, sections 2 to 4).

use creatio_auth::{LoginPageSign, Site, Verdict};

use crate::attempts::{Attempts, Outcome};
use crate::common::{LOGIN_PATH, full_path};
use crate::reference::cookie::{Cookie, Jar};
use crate::reference::date;
use crate::reference::http::{Read, Reply};
use crate::reference::json::{self, Json};

pub struct Model {
    pub jar: Jar,
    site: Site<'static>,
    /// The value of `Authorization`, where no ticket goes before it.
    pub authorization: Option<Vec<u8>>,
    pub attempts: Attempts,
    /// The longest body of a reply that nobody has asked to be long.
    pub body_limit: usize,
}

/// What a login comes to.
#[derive(Debug)]
pub struct Expected {
    pub is_good_reply: bool,
    /// None where the model does not know it.
    pub verdict: Option<Verdict>,
    pub texts: Vec<Option<String>>,
    pub code: Option<i32>,
    /// What it says of the next; none where the model cannot tell, and takes it [from the session](Attempts::adopt).
    pub outcome: Option<Outcome>,
    /// Whether what a proxy says may be the site's, which may have judged the password.
    pub may_be_judged: bool,
}

/// What a body is to someone who wants a document.
enum Body {
    Page,
    Document(Json),
    /// JSON that says what no answer says: a member that matters twice, or a `Code` that is none.
    Contradictory,
    Neither,
}

/// Whether it is a page, by its head or by what it begins with.
pub fn is_page(reply: &Reply) -> bool {
    reply.is_html() || matches!(body(reply), Body::Page)
}

/// The members of a login's answer that matter.
const MEMBERS: [&str; 6] = ["Code", "Message", "Exception", "PasswordChangeUrl", "RedirectUrl", "UserType"];

fn body(reply: &Reply) -> Body {
    if reply.is_html() {
        return if reply.body.is_empty() { Body::Neither } else { Body::Page };
    }
    let text = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&reply.body);
    let is_white = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    if text.iter().find(|byte| !is_white(byte)) == Some(&b'<') {
        return Body::Page;
    }
    let Some(document) = json::read(&reply.body) else { return Body::Neither };
    let Json::Object(_) = document else { return Body::Contradictory };
    let is_twice = MEMBERS.iter().any(|name| document.members(name).len() > 1);
    let exception = document.member("Exception");
    let is_twice_inside =
        exception.is_some_and(|exception| ["Message", "Type"].iter().any(|name| exception.members(name).len() > 1));
    let is_no_code = match document.member("Code") {
        None | Some(Json::Null | Json::Bool(_)) => false,
        Some(Json::Number(number)) => number == "-0" || number.parse::<i32>().is_err(),
        Some(_) => true,
    };
    if is_twice || is_twice_inside || is_no_code { Body::Contradictory } else { Body::Document(document) }
}

fn code(document: &Json) -> Option<i32> {
    match document.member("Code")? {
        Json::Number(number) => number.parse().ok(),
        _ => None,
    }
}

impl Model {
    pub fn new(site: Site<'static>) -> Self {
        let jar = Jar::new(site.host(), site.is_https());
        Model { jar, site, authorization: None, attempts: Attempts::default(), body_limit: 1024 * 1024 }
    }

    pub fn path(&self, path: &str, is_below_prefix: bool) -> String {
        full_path(&self.site, path, is_below_prefix)
    }

    pub fn has_ticket(&self) -> bool {
        self.jar.newest(".ASPXAUTH", &self.path("/", false)).is_some()
    }

    pub fn has_csrf_token(&self) -> bool {
        ["BPMCSRF", "CRT_CSRF"].iter().any(|name| self.jar.newest(name, &self.path("/", false)).is_some())
    }

    /// When the cookie of this name was set that goes to a path of the site.
    fn set_at(&self, name: &str, path: &str) -> u64 {
        self.jar.newest(name, &self.path(path, false)).map_or(0, |cookie| cookie.set)
    }

    /// Of cookies and token nothing is left.
    pub fn forget(&mut self) {
        self.jar.cookies.clear();
        self.authorization = None;
    }

    pub fn clear(&mut self) {
        self.forget();
        self.attempts.answered_well();
    }

    /// An exchange that is to sign in begins.
    pub fn begin_sign_in(&mut self) {
        if self.attempts.begin() {
            self.forget();
        }
        self.jar.begin();
    }

    /// The session has certainly ended.
    pub fn end(&mut self) {
        self.jar.cookies.retain(|cookie| !is_of_a_login(cookie));
    }

    /// A login is accepted: the older cookies are over of each name that it has set, for the site's root.
    fn supersede(&mut self, before: u64) {
        let root = self.path("/", false);
        let is_set = |name: &[u8]| self.jar.newest(name, &root).is_some_and(|cookie| cookie.set > before);
        let set: Vec<_> =
            self.jar.cookies.iter().map(|cookie| cookie.name.clone()).filter(|name| is_set(name)).collect();
        self.jar.cookies.retain(|old| old.set > before || !is_of_a_login(old) || !set.contains(&old.name));
    }

    /// The lines that authorise a call to a path.
    pub fn lines(&self, path: &str) -> Vec<u8> {
        let by_ticket = self.jar.newest(".ASPXAUTH", path).is_some();
        if let Some(value) = self.authorization.as_ref().filter(|_| !by_ticket) {
            return [b"Authorization: ", &value[..], b"\r\n"].concat();
        }
        let mut lines = b"ForceUseSession: true\r\n".to_vec();
        let cookies = self.jar.field(path);
        if !cookies.is_empty() {
            lines.extend([b"Cookie: ", &cookies[..], b"\r\n"].concat());
        }
        for name in ["BPMCSRF", "CRT_CSRF"] {
            if let Some(cookie) = self.jar.newest(name, path) {
                lines.extend([name.as_bytes(), b": ", &cookie.value, b"\r\n"].concat());
            }
        }
        lines
    }

    pub fn date(reply: &Reply) -> Option<u64> {
        reply.values("date").filter_map(date::read).next_back()
    }

    /// A login or a change of the password is answered.
    pub fn login(&mut self, read: &Read, has_one_time_code: bool) -> Expected {
        self.begin_sign_in();
        // Which of them go does not matter: none will be left.
        let took_cookies = !self.jar.cookies.is_empty() || self.authorization.is_some();
        let expected = self.answer(read, has_one_time_code, took_cookies);
        if let Some(outcome) = expected.outcome {
            self.attempts.end(outcome);
        }
        expected
    }

    fn answer(&mut self, read: &Read, has_one_time_code: bool, took_cookies: bool) -> Expected {
        let mut expected = Expected {
            is_good_reply: false,
            verdict: None,
            texts: vec![None; 6],
            code: None,
            outcome: None,
            may_be_judged: false,
        };
        let reply = match read {
            Read::Complete(reply) => reply,
            Read::Malformed(_) => return expected, // what had come before says it
            Read::CutOff(status) => {
                // Of another, its document may have had a fault before; and so may one that was too long.
                if matches!(status, None | Some(0..=199 | 201..=299)) && self.body_limit >= MOST_IN_AN_INPUT {
                    expected.outcome = Some(Outcome::Unknown);
                }
                return expected;
            }
        };
        let body = body(reply);
        let is_redirect = (300..=399).contains(&reply.status);
        if reply.is_encoded() && reply.status == 200 && !reply.has_no_body() {
            expected.outcome = Some(Outcome::Refused);
            return expected;
        }
        if reply.body.len() > self.body_limit {
            return expected;
        }
        let is_document = match &body {
            Body::Page => true,
            Body::Document(document) => code(document).is_some(),
            Body::Contradictory | Body::Neither => reply.is_html(),
        };
        if reply.status == 200 && !is_document {
            // Where the document itself has ended with the connection, nobody knows.
            expected.outcome = (!reply.is_to_close).then_some(Outcome::Refused);
            return expected;
        }
        expected.is_good_reply = true;
        let before = self.jar.sets;
        self.jar.take(reply.values("set-cookie"), Self::date(reply), &self.path(LOGIN_PATH, false));
        let mut exception = None;
        if let Body::Document(document) = &body
            && !is_redirect
            && !reply.is_encoded()
        {
            let text = |name: &str| document.member(name).and_then(Json::text).map(str::to_owned);
            let of_exception =
                |name: &str| document.member("Exception")?.member(name).and_then(Json::text).map(str::to_owned);
            exception = of_exception("Type");
            expected.code = code(document);
            expected.texts = vec![
                text("Message"),
                of_exception("Message"),
                exception.clone(),
                text("PasswordChangeUrl"),
                text("RedirectUrl"),
                text("UserType"),
            ];
        }
        if self.has_ticket() {
            self.authorization = None;
            if reply.status == 200 && matches!(expected.code, Some(0 | 2)) && !matches!(body, Body::Page) {
                self.supersede(before);
            }
        }
        let exception = exception.as_deref().unwrap_or_default();
        let is_exception = |name: &str| exception.ends_with(name);
        // A first factor that is newer than the ticket, and no ticket in this reply. To a code, in this reply.
        let (factor, ticket) = (self.set_at("FirstFactor", LOGIN_PATH), self.set_at(".ASPXAUTH", "/"));
        let is_first_step = factor > ticket
            && ticket <= before
            && (!has_one_time_code || factor > before && expected.code == Some(0));
        expected.verdict = Some(match (reply.status, expected.code) {
            (200, _) if reply.is_html() => Verdict::LoginPage(LoginPageSign::HtmlContentType),
            (200, _) if matches!(body, Body::Page) => Verdict::LoginPage(LoginPageSign::HtmlBody),
            (200, Some(0 | 5)) if is_first_step => Verdict::SecondFactorWanted,
            (200, Some(0 | 2)) if !self.has_ticket() => Verdict::NoTicket,
            (200, Some(0)) => Verdict::Authenticated,
            (200, Some(1)) if is_exception("StartAuthFlowException") => Verdict::SecondFactorWanted,
            (200, Some(1)) if is_exception("TotpIsNotEnabledException") => Verdict::AuthenticatorWanted,
            (200, Some(2)) => Verdict::PasswordChangeAdvised,
            (200, Some(3)) => Verdict::NeedGrantLicense,
            (200, Some(4)) => Verdict::NoLicense,
            (200, Some(5)) => Verdict::PasswordExpired,
            (401, _) => Verdict::BadCredentials,
            (403, _) => Verdict::AccessDenied,
            (_, Some(1)) => Verdict::Rejected,
            (200, _) => Verdict::UnknownCode,
            (300..=399, _) => match (reply.last("location"), reply.status) {
                (None, 301..=303 | 307 | 308) => Verdict::LoginPage(LoginPageSign::Redirect),
                (None, _) => Verdict::UnexpectedStatus,
                _ => {
                    expected.outcome = Some(Outcome::Refused);
                    return expected;
                }
            },
            (429 | 502..=504, _) => Verdict::Busy,
            _ => Verdict::UnexpectedStatus,
        });
        // Of what is no document, what came before its fault counts.
        let is_known = matches!(body, Body::Document(_) | Body::Page)
            || reply.body.is_empty()
            || !matches!(reply.status, 408 | 429 | 500..=599);
        let is_page = matches!(body, Body::Page) && !reply.is_encoded();
        // What is compressed may be one, and of one that is malformed the rest was meant to be one, too.
        let has_document = reply.is_encoded() || !reply.is_html() && begins_as_document(&reply.body);
        expected.may_be_judged = has_document && matches!(reply.status, 502 | 504);
        expected.outcome = is_known.then_some(match reply.status {
            _ if expected.verdict.is_some_and(|verdict| verdict.is_authenticated()) => Outcome::SignedIn,
            429 | 503 if expected.code.is_none() => Outcome::NotJudged,
            502 | 504 if !has_document => Outcome::NotJudged,
            408 | 500..=599 if expected.code.is_none() => Outcome::Unknown,
            400 | 413 | 431 if took_cookies && (reply.body.is_empty() || is_page) => Outcome::CookiesRefused,
            _ => Outcome::Refused,
        });
        expected
    }

    /// A call is answered. False where the reply is none.
    pub fn call(&mut self, read: &Read, path: &str, is_limited: bool) -> bool {
        let by_ticket = self.jar.newest(".ASPXAUTH", path).is_some();
        let by_cookies = self.authorization.is_none() || by_ticket;
        self.attempts.begin_call();
        self.jar.begin();
        let Read::Complete(reply) = read else { return false };
        if reply.is_encoded() && !reply.has_no_body() {
            return false;
        }
        if reply.body.len() > self.body_limit && (is_limited || reply.status >= 300) {
            return false;
        }
        let none = by_cookies.then(|| reply.values("set-cookie")).into_iter().flatten();
        self.jar.take(none, Self::date(reply), path);
        true
    }
}

/// Whether a body begins as a document does, behind a byte order mark and white space.
fn begins_as_document(body: &[u8]) -> bool {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    body.iter().find(|byte| !b" \t\r\n".contains(byte)) == Some(&b'{')
}

/// Inputs are no longer than this.
const MOST_IN_AN_INPUT: usize = 4096;

/// Whether a login brings it, by how its name begins (protocol notes, section 3).
fn is_of_a_login(cookie: &Cookie) -> bool {
    let shown = if cookie.name.is_empty() { &cookie.value } else { &cookie.name };
    let shown = shown.to_ascii_lowercase();
    ["bpm", "crt", "csr", "use", ".as"].iter().any(|start| shown.starts_with(start.as_bytes()))
}
