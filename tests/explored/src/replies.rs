//! What a site says, or something in front of it.

/// The reply to a request, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A login is accepted, with this ticket.
    SignedIn(u8),
    /// A login is rejected.
    Rejected(Rejection),
    /// `Code` 0, and no ticket.
    NoTicket,
    /// A call is done.
    Done,
    /// There is such a record.
    Duplicate,
    /// The session has ended.
    Ended(Shape),
    /// 429, 503: nobody has looked at it.
    TooMany,
    Busy,
    /// 502 from a proxy: nobody knows.
    BadGateway,
    /// 500 with a page.
    Broken,
    /// 431: the cookies are too long.
    CookiesTooLong,
    /// The login page of somebody else, such as a captive portal.
    Portal,
}

/// How a wrong password is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejection {
    Code1,
    Status401,
    Status403,
    Code1With500,
    Compressed,
    Malformed,
    LoginPage,
    Redirect,
}

impl Rejection {
    /// Whether it is one without the last byte of its body, too.
    pub fn is_known_by_its_head(self) -> bool {
        !matches!(self, Rejection::Code1 | Rejection::LoginPage)
    }
}

pub const REJECTIONS: [Rejection; 8] = [
    Rejection::Code1,
    Rejection::Status401,
    Rejection::Status403,
    Rejection::Code1With500,
    Rejection::Compressed,
    Rejection::Malformed,
    Rejection::LoginPage,
    Rejection::Redirect,
];

/// How a call is answered without a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    Redirect,
    Failed401,
    Empty401,
    LoginPage,
    NoUser,
}

pub const SHAPES: [Shape; 5] = [Shape::Redirect, Shape::Failed401, Shape::Empty401, Shape::LoginPage, Shape::NoUser];

impl Shape {
    pub fn is_401(self) -> bool {
        matches!(self, Shape::Failed401 | Shape::Empty401)
    }
}

const PAGE: &str = "<!DOCTYPE html><a href=\"/Login/NuiLogin.aspx?ReturnUrl=x\">in</a>";
const HTML: &str = "Content-Type: text/html\r\n";
const JSON: &str = "Content-Type: application/json\r\n";
const NO_USER: &str =
    r#"{"responseStatus":{"ErrorCode":"ArgumentNullOrEmptyException","Message":"\"userConnection\" must be"}}"#;

impl Answer {
    pub fn bytes(self) -> Vec<u8> {
        let failed = r#"{"Message":"Authentication failed."}"#;
        let to_login = "Location: /Login/NuiLogin.aspx?ReturnUrl=x\r\n";
        match self {
            Answer::SignedIn(ticket) => {
                let lines =
                    format!("Set-Cookie: .ASPXAUTH=t{ticket}; path=/\r\nSet-Cookie: BPMCSRF=c{ticket}; path=/\r\n");
                reply("200 OK", &format!("{JSON}{lines}"), r#"{"Code":0,"Message":""}"#)
            }
            Answer::NoTicket => reply("200 OK", JSON, r#"{"Code":0,"Message":""}"#),
            Answer::Done => reply("200 OK", JSON, "{}"),
            Answer::Duplicate => reply("400 Bad Request", JSON, r#"{"error":{"message":"There is such a record."}}"#),
            Answer::Ended(Shape::Redirect) => reply("302 Found", to_login, ""),
            Answer::Ended(Shape::Failed401) => reply("401 Unauthorized", JSON, failed),
            Answer::Ended(Shape::Empty401) => reply("401 Unauthorized", "", ""),
            Answer::Ended(Shape::LoginPage) => reply("200 OK", HTML, PAGE),
            Answer::Ended(Shape::NoUser) => reply("200 OK", JSON, NO_USER),
            Answer::TooMany => reply("429 Too Many Requests", "", ""),
            Answer::Busy => reply("503 Service Unavailable", "", ""),
            Answer::BadGateway => reply("502 Bad Gateway", HTML, "<html>"),
            Answer::Broken => reply("500 Internal Server Error", HTML, "<html>"),
            Answer::CookiesTooLong => reply("431 Request Header Fields Too Large", HTML, "<html>"),
            Answer::Portal => reply("302 Found", "Location: http://portal.example.net/login/\r\n", ""),
            Answer::Rejected(rejection) => rejected(rejection),
        }
    }
}

fn rejected(rejection: Rejection) -> Vec<u8> {
    let code_1 = r#"{"Code":1,"Message":"No"}"#;
    match rejection {
        Rejection::Code1 => reply("200 OK", JSON, code_1),
        Rejection::Status401 => reply("401 Unauthorized", JSON, r#"{"Message":"Authentication failed."}"#),
        Rejection::Status403 => reply("403 Forbidden", HTML, "<html>"),
        Rejection::Code1With500 => reply("500 Internal Server Error", JSON, code_1),
        Rejection::Compressed => reply("200 OK", &format!("{JSON}Content-Encoding: gzip\r\n"), "\x1f\u{8b}"),
        Rejection::Malformed => reply("200 OK", &format!("{JSON}Content-Length: 1\r\n"), code_1),
        Rejection::LoginPage => reply("200 OK", HTML, PAGE),
        Rejection::Redirect => reply("302 Found", "Location: /Login/NuiLogin.aspx?ErrorCode=0\r\n", ""),
    }
}

fn reply(status: &str, lines: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
