//! The client against a real ASP.NET: its tickets, sessions, redirects, errors and framing are none of ours.

#[path = "../support/aspnet.rs"]
mod helper;

use std::io::{Read, Write};
use std::net::TcpStream;

use creatio_auth::client::blocking::Client;
use creatio_auth::{
    Call, CallVerdict, Credentials, EndSign, Method, PasswordChange, Path, ProbeStep, Runtime, RuntimeProbe, Session,
    Site, State, Verdict,
};
use helper::AspNet;

use crate::replies::body;
use crate::tcp::Tcp;

/// A client of a user whose password is the user's name, signed in.
fn with_client(site: &AspNet, user: &str, test: impl FnOnce(&mut Client<'_, '_, Tcp>, &Credentials<'_>)) {
    let (mut memory, mut buffer) = ([0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(site.url(), Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let who = Credentials::borrowed(user, user);
    assert!(client.login(&who).unwrap().verdict.is_authenticated(), "{user}");
    test(&mut client, &who);
}

fn path(path: &str) -> Path<'_> {
    Path::site(path).unwrap()
}

fn verdict(client: &mut Client<'_, '_, Tcp>, call: &Call<'_>) -> CallVerdict {
    client.call(call).unwrap().answer().unwrap().verdict
}

fn create() -> Call<'static> {
    Call::post(path("/odata/Contact")).with_json(br#"{"Name":"Ann"}"#)
}

/// How many calls have been made in the session that a cookie of ASP.NET names, this one included.
fn calls(client: &mut Client<'_, '_, Tcp>) -> String {
    let mut reply = client.call(&Call::get(path("/odata/Calls"))).unwrap();
    String::from_utf8(body(&mut reply).unwrap()).unwrap()
}

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn what_asp_net_calls_html_answers_the_library_s_own_calls() {
    let site = AspNet::start("short");
    with_client(&site, "Supervisor", |client, who| {
        let checks = [Runtime::NetFramework, Runtime::Net].map(Call::health_check);
        for call in [Call::ping(), checks[0], checks[1], Call::logout()] {
            let mut reply = client.call_renewed(&call, who).unwrap();
            assert!(reply.content_type().is_some_and(|kind| kind.starts_with(b"text/html")), "{call:?}");
            while reply.piece().unwrap().is_some() {}
            assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine, "{call:?}");
        }
        assert_eq!(verdict(client, &Call::ping()), CallVerdict::SessionEnded(EndSign::RedirectToLogin));
        let answer = client.call_renewed(&Call::ping(), who).unwrap().answer().unwrap();
        assert_eq!(answer.verdict, CallVerdict::Fine);
        let answer = client.call(&RuntimeProbe::new().call()).unwrap().answer().unwrap();
        assert_eq!(RuntimeProbe::new().after_answer(&answer), ProbeStep::Found(Runtime::NetFramework));
    });
}

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn stays_signed_in_to_asp_net_and_logs_out() {
    let site = AspNet::start("staying");
    with_client(&site, "Supervisor", |client, who| {
        assert_eq!([calls(client), calls(client)], ["1", "2"]);
        let mut head = client.call(&Call::new(Method::Head, path("/odata/Contact"))).unwrap();
        assert!(head.content_length().is_some_and(|len| len > 0) && head.piece().unwrap().is_none());
        drop(head);

        // The ticket runs out, and ASP.NET answers with its redirect.
        let end = Call::post(path("/rest/End"));
        assert_eq!(verdict(client, &end), CallVerdict::Fine);
        let ended = CallVerdict::SessionEnded(EndSign::RedirectToLogin);
        assert_eq!(verdict(client, &create()), ended);
        let answer = client.call_renewed(&create(), who).unwrap().answer().unwrap();
        assert_eq!((answer.verdict, answer.http_status), (CallVerdict::Fine, 201));
        assert_eq!(calls(client), "2", "the login brings a session anew, for what it brings went with the ticket");

        let cookies = client.session().cookies().count();
        assert_eq!(client.logout().unwrap(), Some(CallVerdict::Fine));
        assert_eq!((cookies, client.session().has_ticket()), (5, false));
        assert_eq!(verdict(client, &create()), ended);
    });

    // A ticket that is more than half over is renewed by every reply.
    with_client(&site, "Sliding", |client, _| {
        let ticket = |client: &Client<'_, '_, Tcp>| {
            let mut lines = [0; 2048];
            let len = client.session().authorization_lines(path("/"), &mut lines).unwrap();
            let lines = String::from_utf8_lossy(&lines[..len]).into_owned();
            assert_eq!(lines.matches(".ASPXAUTH=").count(), 1);
            lines.split_once(".ASPXAUTH=").unwrap().1.split(';').next().unwrap().to_owned()
        };
        let first = ticket(client);
        assert_eq!(verdict(client, &create()), CallVerdict::Fine);
        assert_ne!(ticket(client), first);

        // A renewed ticket, and after it one that has run out, in one reply.
        assert_eq!(verdict(client, &Call::post(path("/rest/End"))), CallVerdict::Fine);
        assert_eq!(verdict(client, &create()), CallVerdict::SessionEnded(EndSign::RedirectToLogin));
    });

    // Its HttpListener closes a connection after a hundred requests or so, and says so in the last reply.
    let (mut memory, mut buffer) = ([0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(site.url(), Runtime::NetFramework).unwrap(), &mut memory);
    let mut tcp = Tcp::default();
    let mut client = Client::new(&mut session, &mut tcp, &mut buffer);
    let _ = client.login(&Credentials::borrowed("Supervisor", "Supervisor")).unwrap();
    for _ in 0..120 {
        assert_eq!(client.call(&create()).unwrap().answer().unwrap().verdict, CallVerdict::Fine);
    }
    assert_eq!(tcp.connects, 2);
}

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn what_asp_net_refuses_is_told() {
    let site = AspNet::start("refusals");
    with_client(&site, "Advised", |client, who| {
        let login = client.login(who).unwrap();
        assert_eq!(login.verdict, Verdict::PasswordChangeAdvised);
        assert_eq!(login.message.unwrap().as_str(), "Срок действия пароля истекает");
        assert!(login.password_change_url.is_some());
        let change = PasswordChange::borrowed(Credentials::borrowed("Advised", "Advised"), "new");
        assert_eq!(client.change_password(&change).unwrap().verdict, Verdict::Authenticated);

        let login = client.login(&Credentials::borrowed("Advised", "wrong")).unwrap();
        assert_eq!(login.verdict, Verdict::BadCredentials);
        assert_eq!(login.message.unwrap().as_str(), "Authentication failed.");

        let login = client.login(&Credentials::borrowed("Locked", "Locked")).unwrap();
        assert_eq!(login.verdict, Verdict::Rejected);
        assert_eq!(login.message.unwrap().as_str(), "Пользователь заблокирован 🔒");
        assert_eq!(login.exception_message.unwrap().as_str(), "Вход запрещён: \"C:\\Creatio\"");
    });
    with_client(&site, "Tokenless", |client, _| {
        assert_eq!(verdict(client, &create()), CallVerdict::CsrfMissing);
        for (call, expected) in [
            (Call::get(path("/odata/Contact")), CallVerdict::Fine),
            (Call::get(path("/odata/Nothing")), CallVerdict::WrongPrefix),
            // Its page for errors, by a redirect.
            (Call::get(path("/odata/Failing")), CallVerdict::UnexpectedStatus),
            (
                Call::get(Path::root("/Login/NuiLogin.aspx?ReturnUrl=%2f0").unwrap()),
                CallVerdict::SessionEnded(EndSign::LoginPage),
            ),
        ] {
            assert_eq!(verdict(client, &call), expected, "{call:?}");
        }
    });
}

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn asp_net_takes_and_gives_large_bodies() {
    let site = AspNet::start("bodies");
    with_client(&site, "Supervisor", |client, _| {
        let mut reply = client.call(&Call::get(path("/odata/Large"))).unwrap();
        assert_eq!(reply.content_length(), None);
        let received = body(&mut reply).unwrap();
        drop(reply);
        assert!(received.iter().copied().eq((0..1_000_000).map(|at| b'0' + (at / 10_000 % 10) as u8)));

        let to = path("/odata/SysImage(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data");
        let piece: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let upload = |client: &mut Client<'_, '_, Tcp>, pieces: usize| {
            let call = Call::put(to).with_body_of_length("application/octet-stream", pieces * piece.len()).unwrap();
            let mut upload = client.upload(&call).unwrap();
            (0..pieces).for_each(|_| upload.write(&piece).unwrap());
            let mut reply = upload.reply().unwrap();
            let received = String::from_utf8(body(&mut reply).unwrap()).unwrap();
            (reply.answer().unwrap().verdict, received)
        };
        let sum = 50 * piece.iter().map(|byte| u64::from(*byte)).sum::<u64>() % 1_000_003;
        let told = format!(r#"{{"length":5000000,"sum":{sum}}}"#);
        assert_eq!(upload(client, 50), (CallVerdict::Fine, told));
        // More than `maxRequestLength`.
        assert_eq!(upload(client, 90).0, CallVerdict::UnexpectedStatus);
        assert_eq!(verdict(client, &Call::post(path("/rest/End"))), CallVerdict::Fine);
        assert_eq!(upload(client, 50).0, CallVerdict::SessionEnded(EndSign::RedirectToLogin));
    });
}

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn an_interim_reply_of_asp_net_is_passed_over() {
    let site = AspNet::start("interim");
    let mut memory = [0; 4096];
    let mut session = Session::new(Site::parse(site.url(), Runtime::NetFramework).unwrap(), &mut memory);
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    let mut exchange = session.login(&who);
    let mut request = vec![0; exchange.request_len(&session)];
    assert_eq!(exchange.fill(&mut session, &mut request).unwrap(), request.len());
    let request = String::from_utf8(request).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();

    let mut stream = TcpStream::connect((session.site().host(), session.site().port())).unwrap();
    write!(stream, "{head}\r\nExpect: 100-continue\r\n\r\n").unwrap();
    let mut buffer = [0; 2048];
    let len = stream.read(&mut buffer).unwrap();
    assert!(buffer[..len].starts_with(b"HTTP/1.1 100 Continue\r\n"));
    assert!(!exchange.feed(&mut session, &buffer[..len]).unwrap().done);
    stream.write_all(body.as_bytes()).unwrap();
    while exchange.state() != State::Done {
        let len = stream.read(&mut buffer).unwrap();
        let _ = exchange.feed(&mut session, &buffer[..len]).unwrap();
    }
    assert_eq!(exchange.login_result(&session).unwrap().verdict, Verdict::Authenticated);
}
