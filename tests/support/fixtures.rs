//! Replies as both runtimes and the proxies before them send them, and what is to come of each.

use creatio_auth::{Call, LoginPageSign, Method, Path, Session, Site, Verdict};

use super::{Answer, Cut, Outcome, TICKET, framework, login, net, signed_in};

/// `Code` 0 as the documentation shows it.
pub const SUCCESS: &str = r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#;

/// A head of these lines, and a body.
pub fn raw(lines: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut reply = lines.iter().flat_map(|line| [line, "\r\n"]).collect::<String>().into_bytes();
    reply.extend_from_slice(b"\r\n");
    reply.extend_from_slice(body.as_ref());
    reply
}

/// A reply with `Content-Length`.
pub fn with_length(lines: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.as_ref().len());
    raw(&[lines, &[length.as_str()]].concat(), body)
}

/// A chunked reply: a chunk of each of these sizes, then one of the rest.
pub fn chunked(lines: &[&str], body: impl AsRef<[u8]>, sizes: &[usize]) -> Vec<u8> {
    let mut reply = raw(&[lines, &["Transfer-Encoding: chunked"]].concat(), "");
    let mut rest = body.as_ref();
    for size in sizes.iter().copied().chain([usize::MAX]) {
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        if !chunk.is_empty() {
            reply.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            reply.extend([chunk, b"\r\n"].concat());
        }
        rest = after;
    }
    reply.extend(b"0\r\n\r\n");
    reply
}

/// The reply to a login or a call that sets cookies and has `Code` 0.
pub fn setting(values: &[&str]) -> Vec<u8> {
    let fields: Vec<_> = values.iter().map(|value| format!("Set-Cookie: {value}")).collect();
    let lines: Vec<_> = ["HTTP/1.1 200 OK"].into_iter().chain(fields.iter().map(String::as_str)).collect();
    with_length(&lines, SUCCESS)
}

/// What a fixture answers.
pub enum Ask {
    Login,
    Call(Call<'static>),
}

/// A reply and what is to come of it.
pub struct Fixture {
    pub name: &'static str,
    pub site: Site<'static>,
    /// The cookies that the session has before.
    pub had: &'static [&'static str],
    pub ask: Ask,
    pub reply: Vec<u8>,
    /// The end of the reply is that of the connection.
    pub until_close: bool,
    pub keeps_alive: bool,
    pub http_status: u16,
    pub answer: Option<Answer>,
    pub body: &'static str,
    /// The `Cookie` field of the call that follows.
    pub cookies: String,
}

impl Fixture {
    fn login(name: &'static str, site: Site<'static>, reply: Vec<u8>, answer: Answer, cookies: &str) -> Self {
        Fixture {
            name,
            site,
            had: &[],
            ask: Ask::Login,
            reply,
            until_close: false,
            keeps_alive: true,
            http_status: answer.http_status,
            answer: Some(answer),
            body: "",
            cookies: cookies.replace("TICKET", TICKET),
        }
    }

    /// A call on a session of the .NET site that has a ticket `old` and a CSRF token.
    fn call(name: &'static str, method: Method, reply: Vec<u8>, status: u16, body: &'static str) -> Self {
        let path = Path::site("/odata/Contact?$top=1").unwrap();
        Fixture {
            ask: Ask::Call(Call::new(method, path)),
            had: &[".ASPXAUTH=old; path=/; HttpOnly", "BPMCSRF=csrf; path=/"],
            http_status: status,
            answer: None,
            body,
            ..Fixture::login(name, net(), reply, Answer::default(), ".ASPXAUTH=old; BPMCSRF=csrf")
        }
    }

    fn cookies(self, cookies: &str) -> Self {
        Fixture { cookies: cookies.replace("TICKET", TICKET), ..self }
    }

    fn had(self, had: &'static [&'static str]) -> Self {
        Fixture { had, ..self }
    }

    fn until_close(self) -> Self {
        Fixture { until_close: true, keeps_alive: false, ..self }
    }

    fn then_closes(self) -> Self {
        Fixture { keeps_alive: false, ..self }
    }

    /// The session before the exchange.
    pub fn session<'m>(&self, memory: &'m mut [u8]) -> Session<'m> {
        match self.had {
            [] => Session::new(self.site, memory),
            had => signed_in(self.site, memory, had),
        }
    }

    /// The exchange, with these bytes for a reply.
    pub fn exchange(&self, session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Outcome {
        match &self.ask {
            Ask::Login => login(session, reply, cut),
            Ask::Call(call) => super::call(session, call, reply, cut),
        }
    }

    /// What is to come of the exchange.
    pub fn outcome(&self) -> Outcome {
        Outcome {
            result: Ok(()),
            http_status: Some(self.http_status),
            answer: self.answer.clone(),
            body: self.body.into(),
            consumed: self.reply.len(),
            keeps_alive: self.keeps_alive,
        }
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.into())
}

/// `Code` 0, a ticket, and what else [`SUCCESS`] says.
pub fn authenticated() -> Answer {
    Answer { code: Some(0), message: some(""), ..Answer::new(Verdict::Authenticated, 200) }
}

fn ticket_field(path: &str) -> String {
    format!("Set-Cookie: .ASPXAUTH={TICKET}; path={path}; HttpOnly")
}

pub fn all() -> Vec<Fixture> {
    [logins_by_framing(), logins_by_document(), refused_logins(), calls()].into_iter().flatten().collect()
}

/// A login that succeeds, in every framing.
pub fn logins_by_framing() -> Vec<Fixture> {
    let ticket = ticket_field("/");
    let ok: &[&str] = &["HTTP/1.1 200 OK", "Content-Type: application/json", &ticket];
    let net_login = |name, reply| Fixture::login(name, net(), reply, authenticated(), ".ASPXAUTH=TICKET");
    let trailers = |reply: Vec<u8>| {
        let text = String::from_utf8(reply).unwrap();
        let text = text.replace("\r\n1\r\n", "\r\n001;a=\"b;c\";d \t\r\n").replace("\r\n0\r\n", "\r\n000 ;last\r\n");
        let trailers = "Set-Cookie: trailer=x\r\nContent-Length: 7\r\nX:\r\n\r\n";
        [text.strip_suffix("\r\n").unwrap(), trailers].concat().into_bytes()
    };
    let interim = |first: &[&str]| [raw(first, ""), with_length(ok, SUCCESS)].concat();
    vec![
        Fixture::login(
            "framework, with a length",
            framework(),
            with_length(
                &[
                    "HTTP/1.1 200 OK",
                    "Server: nginx",
                    "Date: Sun, 22 Nov 2026 00:52:54 GMT",
                    "Content-Type: application/json; charset=utf-8",
                    "Set-Cookie:  BPMLOADER=abcdefghijklmnopqrstuvwx; path=/CreatioWebApp; HttpOnly; SameSite=Lax",
                    &ticket_field("/CreatioWebApp"),
                    "set-cookie:BPMCSRF=nUr0VzF1.yy/xFU3EFmG9.; expires=Sat, 07-May-2022 08:46:12 GMT; max-age=60; path=/",
                    "SET-COOKIE: UserName=83|117|112; expires=Mon, 22 Nov 2027 00:52:54 GMT; Path=/; secure \t",
                ],
                SUCCESS,
            ),
            authenticated(),
            "BPMLOADER=abcdefghijklmnopqrstuvwx; .ASPXAUTH=TICKET; BPMCSRF=nUr0VzF1.yy/xFU3EFmG9.; UserName=83|117|112",
        ),
        net_login("chunked, the first chunk a single byte", chunked(ok, SUCCESS, &[1])),
        net_login("chunked, with extensions and trailers", trailers(chunked(ok, SUCCESS, &[1, 20, 3]))),
        net_login(
            "chunked, the coding followed by a tab",
            raw(
                &["HTTP/1.1 200 OK", &ticket, "Transfer-Encoding:\tChunked\t"],
                format!("{:X}\r\n{SUCCESS}\r\n0\r\n\r\n", SUCCESS.len()),
            ),
        ),
        net_login("up to the close, HTTP/1.1", raw(ok, SUCCESS)).until_close(),
        net_login("up to the close, HTTP/1.0", raw(&["HTTP/1.0 200 OK", &ticket], SUCCESS)).until_close(),
        net_login(
            "HTTP/1.0 that keeps the connection",
            with_length(&["HTTP/1.0 200 OK", "Connection: Upgrade, Keep-Alive", &ticket], SUCCESS),
        ),
        net_login("HTTP/1.0 with a length", with_length(&["HTTP/1.0 200 OK", &ticket], SUCCESS)).then_closes(),
        net_login("Connection: close", with_length(&["HTTP/1.1 200 OK", "connection: x,CLOSE", &ticket], SUCCESS))
            .then_closes(),
        net_login("100 comes first", interim(&["HTTP/1.1 100 Continue"])),
        net_login(
            "103 with a cookie and lengths that do not count",
            interim(&["HTTP/1.1 103", "Set-Cookie: early=x", "Content-Length: 3", "Transfer-Encoding: chunked"]),
        ),
        net_login("no reason phrase", with_length(&["HTTP/1.1 200", &ticket], SUCCESS)),
        net_login("a reason phrase outside ASCII", with_length(&["HTTP/1.1 200 \tВ порядке", &ticket], SUCCESS)),
        net_login(
            "Location on a 200, and identity",
            with_length(
                &["HTTP/1.1 200 OK", "Location: /Login/NuiLogin.aspx", "Content-Encoding: identity", &ticket],
                SUCCESS,
            ),
        ),
    ]
}

/// Logins that are told apart by their document.
pub fn logins_by_document() -> Vec<Fixture> {
    let ticket = ticket_field("/");
    let ok: &[&str] = &["HTTP/1.1 200 OK", &ticket];
    let net_login =
        |name, body: &str, answer| Fixture::login(name, net(), with_length(ok, body), answer, ".ASPXAUTH=TICKET");
    let rejected = || Answer { code: Some(1), ..Answer::new(Verdict::Rejected, 200) };
    vec![
        net_login(
            "of the newest sites",
            r#"{"Code":0,"Message":null,"UserType":"General","RedirectUrl":"\/0\/Shell","PasswordChangeUrl":null}"#,
            Answer { message: None, user_type: some("General"), redirect_url: some("/0/Shell"), ..authenticated() },
        ),
        net_login(
            "members in another order, white space, a byte order mark, unknown members",
            "\u{FEFF} \t\r\n{ \"New\" : [ { \"Code\" : 1 } , -1.5e+3 ] , \"RedirectUrl\" : \"\" ,\n\"Code\"\t:\r0 ,\
             \"Messages\":\"no\", \"Message\" : null, \"Exception\" :{} }\r\n ",
            Answer { message: None, redirect_url: some(""), ..authenticated() },
        ),
        net_login(
            "a change of password is advised",
            r#"{"Code":2,"Message":"Change it","PasswordChangeUrl":"/p?a=\u0026","RedirectUrl":"/r","Exception":null}"#,
            Answer {
                verdict: Some(Verdict::PasswordChangeAdvised),
                code: Some(2),
                message: some("Change it"),
                password_change_url: some("/p?a=&"),
                redirect_url: some("/r"),
                ..authenticated()
            },
        ),
        net_login(
            "rejected, with a nested exception before the code",
            r#"{"Exception":{"HelpLink":null,"InnerException":{"Message":"no","InnerException":{"Type":"no"}},
            "StackTrace":"at A()\r\nat B() in C:\\x\/y {\"Code\":0}","Message":"Denied","Type":"System.Security.X"},
            "After":{"Message":"no","Type":"no"},"Message":"Wrong","Code":1}"#,
            Answer {
                message: some("Wrong"),
                exception_message: some("Denied"),
                exception_type: some("System.Security.X"),
                ..rejected()
            },
        ),
        net_login(
            "null wherever a value may be null",
            r#"{"Message":null,"Exception":{"Message":null,"Type":null},"UserType":null,"Code":1,"RedirectUrl":null}"#,
            rejected(),
        ),
        net_login(
            "text outside ASCII, surrogates in pairs and alone",
            r#"{"Code":1,"Message":"Нет \u041d\u0435\u0442 \uD83D\uDE00\ud83d x\uDE00 😀"}"#,
            Answer { message: some("Нет Нет 😀\u{FFFD} x\u{FFFD} 😀"), ..rejected() },
        ),
        Fixture::login(
            "a second login renews some of the cookies and deletes one",
            net(),
            with_length(
                &[
                    "HTTP/1.1 200 OK",
                    &ticket,
                    "Set-Cookie: BPMSESSIONID=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/",
                    "Set-Cookie: visid_incap_2180455=a+b/c==; path=/",
                ],
                SUCCESS,
            ),
            authenticated(),
            ".ASPXAUTH=TICKET; BPMCSRF=csrf; visid_incap_2180455=a+b/c==",
        )
        .had(&[".ASPXAUTH=old; path=/", "BPMSESSIONID=s; path=/", "BPMCSRF=csrf; path=/"]),
    ]
}

/// Logins without a status document, or with one that says no.
pub fn refused_logins() -> Vec<Fixture> {
    let refused = |name, reply, verdict, status| Fixture::login(name, net(), reply, Answer::new(verdict, status), "");
    let page = "<!DOCTYPE html><html><body>Sign in</body></html>";
    let to_page = "Location: https://crm.example.com/Login/Login.html?ReturnUrl=%2fodata%2fContact";
    vec![
        Fixture::login(
            "rejected, and a loader cookie all the same",
            net(),
            with_length(
                &["HTTP/1.1 200 OK", "Set-Cookie: BPMLOADER=l; path=/"],
                r#"{"Code":1,"Message":"No","Exception":null}"#,
            ),
            Answer { code: Some(1), message: some("No"), ..Answer::new(Verdict::Rejected, 200) },
            "BPMLOADER=l",
        ),
        Fixture::login(
            "401 with a message",
            net(),
            with_length(
                &["HTTP/1.1 401 Unauthorized", "Content-Type: application/json"],
                r#"{"Message":"Authentication failed.","StackTrace":null,"ExceptionType":"System.X"}"#,
            ),
            Answer { message: some("Authentication failed."), ..Answer::new(Verdict::BadCredentials, 401) },
            "",
        ),
        refused("403 chunked", chunked(&["HTTP/1.1 403 No"], "denied", &[1]), Verdict::AccessDenied, 403),
        refused(
            "a redirect to the login page",
            with_length(&["HTTP/1.1 302 Found", to_page], "<html>moved</html>"),
            Verdict::LoginPage(LoginPageSign::RedirectToLogin),
            302,
        ),
        refused(
            "the login page",
            chunked(&["HTTP/1.1 200 OK", "Content-Type: text/html"], page, &[1, 7]),
            Verdict::LoginPage(LoginPageSign::HtmlContentType),
            200,
        ),
        refused(
            "the login page up to the close",
            raw(&["HTTP/1.0 200 OK"], page),
            Verdict::LoginPage(LoginPageSign::HtmlBody),
            200,
        )
        .until_close(),
        refused("204", raw(&["HTTP/1.1 204 No Content"], ""), Verdict::UnexpectedStatus, 204),
    ]
}

/// Replies to calls.
pub fn calls() -> Vec<Fixture> {
    use Method::{Get, Head};
    const BODY: &str = r#"{"value":[{"Id":"c4ed336c"}]}"#;
    let ok: &[&str] = &["HTTP/1.1 200 OK", "Content-Type: application/json"];
    let renewal = ticket_field("/");
    vec![
        Fixture::call("a call, with a length", Get, with_length(ok, BODY), 200, BODY),
        Fixture::call("a call, chunked", Get, chunked(ok, BODY, &[1, 2]), 200, BODY),
        Fixture::call("a call, up to the close", Get, raw(ok, BODY), 200, BODY).until_close(),
        Fixture::call("a call without a body", Get, with_length(&["HTTP/1.1 200 OK"], ""), 200, ""),
        Fixture::call("no chunks but the last", Get, chunked(ok, "", &[]), 200, ""),
        Fixture::call("HEAD with a length", Head, raw(&["HTTP/1.1 200 OK", "Content-Length: 99"], ""), 200, ""),
        Fixture::call(
            "HEAD, chunked",
            Head,
            raw(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Encoding: gzip"], ""),
            200,
            "",
        ),
        Fixture::call(
            "204 after 100 and 102",
            Get,
            "HTTP/1.1 100 \r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 204 N\r\n\r\n".into(),
            204,
            "",
        ),
        Fixture::call("304 with a length", Get, raw(&["HTTP/1.1 304 N", "Content-Length: 99"], ""), 304, ""),
        Fixture::call("a renewed ticket", Get, with_length(&["HTTP/1.1 200 OK", &renewal], BODY), 200, BODY)
            .cookies(".ASPXAUTH=TICKET; BPMCSRF=csrf"),
        Fixture::call(
            "the session has ended",
            Get,
            with_length(
                &[
                    "HTTP/1.1 302 Found",
                    "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata%2fAccount",
                    "Set-Cookie: .ASPXAUTH=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/; HttpOnly",
                ],
                "moved",
            ),
            302,
            "moved",
        )
        .cookies("BPMCSRF=csrf"),
        Fixture::call("an error", Get, chunked(&["HTTP/1.1 500 Oops"], "oops", &[1, 1]), 500, "oops"),
    ]
}
