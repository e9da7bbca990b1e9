//! The replies that are read, as `docs/protocol.md` describes them.

use std::fmt::Write;

/// What most bodies of a login are.
const SUCCESS: &str = r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":"/0/Shell","UserType":"General"}"#;

/// How long an answer of the size of a page of a collection is.
pub const MEGABYTE: usize = 1 << 20;

/// Some of what proxies and web servers add.
const PROXY_NAMES: &[&str] = &[
    "Via",
    "X-Cache",
    "X-Cache-Hits",
    "X-Served-By",
    "X-Timer",
    "X-Request-Id",
    "X-Correlation-Id",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "X-XSS-Protection",
    "X-Powered-By",
    "X-AspNet-Version",
    "X-Iinfo",
    "X-CDN",
    "X-Edge-Location",
    "X-Robots-Tag",
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Expose-Headers",
    "Server-Timing",
    "Timing-Allow-Origin",
    "Report-To",
    "NEL",
    "Alt-Svc",
    "Vary",
    "Pragma",
    "Expires",
    "Age",
    "ETag",
    "Last-Modified",
    "Accept-Ranges",
    "CF-Ray",
    "CF-Cache-Status",
    "P3P",
];

/// A reply: what its head has beside the status, the date and the framing, and its body.
struct Reply {
    lines: String,
    content_type: &'static str,
    body: String,
}

impl Reply {
    fn login(lines: String, body: String) -> Self {
        Reply { lines, content_type: "application/json; charset=utf-8", body }
    }

    fn head(&self, framing: &str) -> String {
        let Reply { lines, content_type, .. } = self;
        format!(
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 23 Nov 2026 09:12:44 GMT\r\nContent-Type: {content_type}\r\n\
             {framing}Cache-Control: private, no-store\r\n{lines}\r\n"
        )
    }

    fn with_length(&self) -> Vec<u8> {
        (self.head(&format!("Content-Length: {}\r\n", self.body.len())) + &self.body).into_bytes()
    }

    fn to_close(&self) -> Vec<u8> {
        (self.head("Connection: close\r\n") + &self.body).into_bytes()
    }

    fn in_chunks(&self, size: usize) -> Vec<u8> {
        let mut reply = self.head("Transfer-Encoding: chunked\r\n").into_bytes();
        for chunk in self.body.as_bytes().chunks(size) {
            reply.extend(format!("{:x}\r\n", chunk.len()).bytes());
            reply.extend(chunk);
            reply.extend(b"\r\n");
        }
        reply.extend(b"0\r\n\r\n");
        reply
    }
}

/// So many characters, such as tickets consist of.
fn hex(len: usize) -> String {
    "0A1B2C3D4E5F60718293A4B5C6D7E8F9".chars().cycle().take(len).collect()
}

fn session_cookies() -> String {
    format!(
        "Set-Cookie: BPMLOADER=ab1cdefghijk2lmnopqr3stu; path=/; HttpOnly; SameSite=Lax\r\n\
         Set-Cookie: .ASPXAUTH={}; path=/; HttpOnly\r\n\
         Set-Cookie: BPMCSRF=Q3hZ.rTb/7uYw0PqLmN5x.; path=/\r\n\
         Set-Cookie: UserName=83|117|112|101|114|118|105|115|111|114; expires=Thu, 07-May-2099 08:46:12 GMT; path=/\r\n\
         Set-Cookie: UserType=General; path=/; HttpOnly\r\n",
        hex(400)
    )
}

/// The documented success, of about a kilobyte.
pub fn success() -> Vec<u8> {
    Reply::login(session_cookies(), SUCCESS.to_owned()).with_length()
}

/// A ticket of 1,000 characters, and eight cookies.
pub fn long_ticket() -> Vec<u8> {
    let lines = format!(
        "Set-Cookie: BPMLOADER=ab1cdefghijk2lmnopqr3stu; path=/; HttpOnly; SameSite=Lax\r\n\
         Set-Cookie: .ASPXAUTH={}; path=/; secure; HttpOnly\r\n\
         Set-Cookie: BPMCSRF=Q3hZ.rTb/7uYw0PqLmN5x.; path=/; secure\r\n\
         Set-Cookie: BPMSESSIONID=zyx1wvutsrqp2onmlkji3hgf; path=/; HttpOnly; SameSite=Lax\r\n\
         Set-Cookie: UserName=83|117|112|101|114|118|105|115|111|114; expires=Thu, 07-May-2099 08:46:12 GMT; path=/\r\n\
         Set-Cookie: UserType=General; path=/; HttpOnly\r\n\
         Set-Cookie: visid_incap_2180455={}==; expires=Sun, 22 Nov 2099 00:52:54 GMT; HttpOnly; path=/\r\n\
         Set-Cookie: incap_ses_1342_2180455={}==; path=/\r\n",
        hex(1_000),
        hex(70),
        hex(54)
    );
    Reply::login(lines, SUCCESS.to_owned()).with_length()
}

/// A rejection whose stack trace, of so many bytes, comes before its `Code`.
pub fn rejection(trace: usize) -> Vec<u8> {
    let line = r"   at Terrasoft.Core.DB.SecurityEngine.CheckLogin(UserConnection connection)\r\n";
    // Whole lines only, so that no escape is cut.
    let trace: String = std::iter::repeat_n(line, trace / line.len()).collect();
    let body = format!(
        r#"{{"Exception":{{"HelpLink":null,"InnerException":null,"Message":"Invalid user name or password.","StackTrace":"{trace}","Type":"System.Security.SecurityException"}},"Code":1,"Message":"Invalid user name or password.","PasswordChangeUrl":null,"RedirectUrl":null}}"#
    );
    let lines = "Set-Cookie: BPMLOADER=ab1cdefghijk2lmnopqr3stu; path=/; HttpOnly\r\n".to_owned();
    Reply::login(lines, body).with_length()
}

/// The documented success behind proxies that add forty fields.
pub fn behind_proxy() -> Vec<u8> {
    let mut lines = String::new();
    for (index, name) in PROXY_NAMES.iter().enumerate() {
        let _ = write!(lines, "{name}: max-age=31536000; value-{index}; edge=fra{index}\r\n");
    }
    Reply::login(lines + &session_cookies(), SUCCESS.to_owned()).with_length()
}

/// A page of a collection of at least so many bytes.
fn collection(len: usize) -> Reply {
    let mut body = String::with_capacity(len + 512);
    body.push_str(r#"{"@odata.context":"https://crm.example.com/0/odata/$metadata#Contact","value":["#);
    let mut index = 0;
    while body.len() < len {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            body,
            r#"{comma}{{"Id":"410006e1-ca4e-4502-a9ec-{index:012x}","Name":"Contact No. {index}","Notes":"She said \"yes\"; 5\/6 done","Age":{},"Rate":{}.25,"IsActive":true,"AccountId":null,"CreatedOn":"2026-11-23T09:12:44.1234567Z"}}"#,
            index % 90,
            index % 1_000
        );
        index += 1;
    }
    body.push_str(r#"],"@odata.nextLink":"https://crm.example.com/0/odata/Contact?$skip=20000"}"#);
    Reply { lines: String::new(), content_type: "application/json; odata.metadata=minimal", body }
}

pub fn page_with_length(len: usize) -> Vec<u8> {
    collection(len).with_length()
}

pub fn page_to_close(len: usize) -> Vec<u8> {
    collection(len).to_close()
}

pub fn page_in_chunks(len: usize) -> Vec<u8> {
    collection(len).in_chunks(16)
}

/// A success with so many cookies beside the ticket.
pub fn cookies(count: usize) -> Vec<u8> {
    numbered(count, |index| format!("Set-Cookie: cookie{index:05}=value{index}; path=/\r\n"))
}

/// A success that deletes them.
pub fn deletions(count: usize) -> Vec<u8> {
    numbered(count, |index| {
        format!("Set-Cookie: cookie{index:05}=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/\r\n")
    })
}

/// A success that sets one cookie so many times.
pub fn one_cookie(times: usize) -> Vec<u8> {
    numbered(times, |index| format!("Set-Cookie: cookie=value{index:05}; path=/\r\n"))
}

/// A success with so many fields of no interest.
pub fn fields(count: usize) -> Vec<u8> {
    numbered(count, |index| format!("X-Field-{index:05}: a value of no interest\r\n"))
}

/// A success with a cookie of about so many bytes in all, in cookies of 1,000.
pub fn long_cookies(len: usize) -> Vec<u8> {
    let value = hex(1_000);
    numbered(len / 1_000, |index| format!("Set-Cookie: cookie{index:05}={value}; path=/\r\n"))
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    let ticket = "Set-Cookie: .ASPXAUTH=0A1B2C3D; path=/; HttpOnly\r\n".to_owned();
    let lines = (0..count).map(line).fold(ticket, |lines, line| lines + &line);
    Reply::login(lines, SUCCESS.to_owned()).with_length()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: Vec<u8>) -> String {
        String::from_utf8(reply).unwrap()
    }

    #[test]
    fn the_documented_success_is_of_about_a_kilobyte() {
        let reply = text(success());
        assert!((1_000..1_300).contains(&reply.len()), "{}", reply.len());
        assert_eq!(reply.matches("Set-Cookie: ").count(), 5);
    }

    #[test]
    fn a_ticket_of_a_thousand_characters_comes_with_seven_other_cookies() {
        let reply = text(long_ticket());
        assert_eq!(reply.matches("Set-Cookie: ").count(), 8);
        assert!(reply.contains(&format!(".ASPXAUTH={};", hex(1_000))));
    }

    #[test]
    fn a_length_is_that_of_the_body() {
        for reply in [success(), rejection(20_000), page_with_length(5_000)] {
            let reply = text(reply);
            let (head, body) = reply.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", body.len())));
            serde_json::from_str::<serde_json::Value>(body).unwrap();
        }
    }

    #[test]
    fn chunks_are_of_sixteen_bytes_and_have_an_end() {
        let reply = text(page_in_chunks(5_000));
        assert!(reply.contains("\r\n\r\n10\r\n{\"@odata.context"));
        assert!(reply.ends_with("\r\n0\r\n\r\n"));
    }

    #[test]
    fn proxies_add_forty_fields() {
        let lines = |reply| text(reply).matches("\r\n").count();
        assert_eq!(lines(behind_proxy()) - lines(success()), 40);
    }
}
