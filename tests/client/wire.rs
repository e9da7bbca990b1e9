//! The clients over real connections to the emulator.

use std::io;
use std::num::NonZeroU32;

use creatio_auth::client::blocking::Client;
use creatio_auth::client::{Error, Identity, Refusal};
use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, Malformed, Path, ReplyError, Runtime, Session, Site,
    TokenVerdict, Verdict,
};
use creatio_emulator::{Emulator, EndedSession, Interference, LoginPage, Options};

use crate::renewal::earlier;
use crate::replies::body;
use crate::tcp::Tcp;

#[test]
fn signs_in_calls_uploads_renews_and_logs_out() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let credentials = Credentials::borrowed("Supervisor", "Supervisor");
    assert_eq!(client.login(&credentials).unwrap().verdict, Verdict::Authenticated);

    let contacts = Path::site("/odata/Contact").unwrap();
    let create = Call::post(contacts).with_json(br#"{"Name":"Ann"}"#);
    assert_eq!(client.call(&create).unwrap().answer().unwrap().verdict, CallVerdict::Fine);

    let mut reply = client.call(&Call::get(contacts)).unwrap();
    assert_eq!(reply.http_status(), 200);
    assert!(String::from_utf8(body(&mut reply).unwrap()).unwrap().contains("Ann"));
    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);

    let json = br#"{"Name":"Bob"}"#;
    let call = Call::post(contacts).with_body_of_length("application/json", json.len()).unwrap();
    let mut upload = client.upload(&call).unwrap();
    json.chunks(3).for_each(|piece| upload.write(piece).unwrap());
    assert_eq!(upload.reply().unwrap().answer().unwrap().http_status, 201);

    emulator.expire_sessions();
    let reply = client.call_renewed(&create, &credentials).unwrap();
    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);

    assert_eq!(client.logout().unwrap(), Some(CallVerdict::Fine));
    assert!(!client.session().has_ticket());
    assert_eq!(emulator.counters().writes, 3);
    assert_eq!(emulator.counters().logins, 2);
}

/// Behind a firewall that wants a `User-Agent`, and a gateway that wants its key, with all that a client sends itself.
#[test]
fn the_session_s_fields_go_with_logins_renewals_pings_and_the_log_out() {
    let gateway_key = Some(("X-Gateway-Key".to_owned(), "k1".to_owned()));
    for ended_session in [EndedSession::Redirect, EndedSession::Status401] {
        let options = Options { ended_session, user_agent_required: true, ..Options::default() };
        let emulator = Emulator::start(Options { gateway_key: gateway_key.clone(), ..options }).unwrap();
        let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
        let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
        assert!(!client.login(&supervisor()).unwrap().verdict.is_authenticated());
        client.session_mut().set_field_lines("X-Gateway-Key: k1\r\n").unwrap();
        client.session_mut().set_user_agent("").unwrap();
        assert_eq!(client.login(&supervisor()).unwrap().verdict, Verdict::AccessDenied);
        client.session_mut().set_user_agent("meter/2.1").unwrap();
        assert_eq!(client.login(&supervisor()).unwrap().verdict, Verdict::Authenticated);
        for call in [Call::ping(), create()] {
            emulator.expire_sessions();
            let mut result = renewed(&mut client, &call, &supervisor());
            if result == Err(Error::NotRepeated) {
                assert!(ended_session == EndedSession::LoginPage);
                result = renewed(&mut client, &call, &supervisor());
            }
            assert_eq!(result, Ok(CallVerdict::Fine));
        }
        assert_eq!(client.logout().unwrap(), Some(CallVerdict::Fine));
        assert_eq!((emulator.counters().logins_accepted, emulator.counters().writes), (3, 1));
    }
}

#[test]
fn a_port_for_https_is_told_where_it_is_spoken_to_by_http() {
    let emulator = Emulator::start(Options { tls: true, ..Options::default() }).unwrap();
    let (url, mut memory, mut buffer) = (emulator.url().replace("https:", "http:"), [0; 4096], [0; 1]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let error = client.login(&supervisor()).unwrap_err();
    assert!(matches!(error, Error::Reply(ReplyError::Malformed(Malformed::Tls))), "{error}");
}

#[test]
fn signs_in_and_renews_behind_a_web_firewall() {
    for chunk_size in [None, std::num::NonZeroUsize::new(3)] {
        let emulator = Emulator::start(Options { firewall: true, chunk_size, ..Options::default() }).unwrap();
        let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 50]);
        let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
        assert_eq!(client.login(&supervisor()).unwrap().verdict, Verdict::Authenticated);
        assert_eq!(client.call(&create()).unwrap().answer().unwrap().verdict, CallVerdict::Fine);
        emulator.expire_sessions();
        let reply = client.call_renewed(&create(), &supervisor()).unwrap();
        assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);
        assert_eq!(emulator.counters().logins, 2);
        let mut names = client.session().cookies().map(|cookie| cookie.name().escape_ascii().to_string());
        assert!(names.any(|name| name == "___utmvb"), "the folded cookie is kept");
        assert!(client.session().cookies().all(|cookie| cookie.name() != b"___utmva"), "the spoilt one is dropped");
    }
}

fn contacts() -> Path<'static> {
    Path::site("/odata/Contact").unwrap()
}

fn create() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

fn supervisor() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "Supervisor")
}

/// A client that has signed in.
fn with_client<R>(emulator: &Emulator, test: impl FnOnce(&mut Client<'_, '_, Tcp>) -> R) -> R {
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    assert_eq!(client.login(&supervisor()).unwrap().verdict, Verdict::Authenticated);
    test(&mut client)
}

fn renewed(
    client: &mut Client<'_, '_, Tcp>,
    call: &Call<'_>,
    who: &Credentials<'_>,
) -> Result<CallVerdict, Error<io::ErrorKind>> {
    let verdict = client.call_renewed(call, who).and_then(|reply| Ok(reply.answer()?.verdict));
    verdict.map_err(|error| match error {
        Error::Connect(error) => Error::Connect(error.kind()),
        Error::Transport(error) => Error::Transport(error.kind()),
        Error::Reply(error) => Error::Reply(error),
        Error::SignIn(refusal) => Error::SignIn(refusal),
        Error::NotRepeated => Error::NotRepeated,
        _ => Error::BodyLength,
    })
}

#[test]
fn a_write_is_done_once_or_not_at_all_wherever_its_request_is_cut() {
    let emulator = Emulator::start(Options { ticket_length: 32, ..Options::default() }).unwrap();
    with_client(&emulator, |client| {
        assert_eq!(renewed(client, &create(), &supervisor()).unwrap(), CallVerdict::Fine);
        let session = client.session_mut();
        let len = session.call(&create()).request_len(session);
        for cut in (0..len).step_by(3) {
            let before = emulator.counters();
            emulator.cut_request_after(cut);
            assert!(renewed(client, &create(), &supervisor()).is_err(), "{cut}");
            let after = emulator.counters();
            assert_eq!((after.writes, after.logins), (before.writes, before.logins), "{cut}");
        }
        assert_eq!(renewed(client, &create(), &supervisor()).unwrap(), CallVerdict::Fine);
    });
}

#[test]
fn a_write_is_done_once_wherever_its_reply_is_cut() {
    let emulator = Emulator::start(Options { ticket_length: 32, sliding: true, ..Options::default() }).unwrap();
    with_client(&emulator, |client| {
        for cut in (0..).step_by(3) {
            let before = emulator.counters();
            emulator.cut_after(cut);
            let result = renewed(client, &create(), &supervisor());
            let after = emulator.counters();
            assert_eq!((after.writes - before.writes, after.logins - before.logins), (1, 0), "{cut}");
            if result.is_ok() {
                assert!(cut > 100, "a whole reply is longer than {cut} bytes");
                return;
            }
        }
    });
}

#[test]
fn an_ended_session_costs_one_login_and_the_write_is_done_once_in_each_of_its_shapes() {
    for (ended_session, is_certain) in [
        (EndedSession::Redirect, true),
        (EndedSession::LoginPage, false),
        (EndedSession::Status401, true),
        (EndedSession::Status401Empty, true),
        (EndedSession::Status401Page, true),
        (EndedSession::NoUserConnection, false),
        (EndedSession::NoUserConnection500, false),
    ] {
        let login_page = LoginPage::Ssp;
        let emulator = Emulator::start(Options { ended_session, login_page, ..Options::default() }).unwrap();
        with_client(&emulator, |client| {
            emulator.expire_sessions();
            if !is_certain {
                assert_eq!(renewed(client, &create(), &supervisor()), Err(Error::NotRepeated));
                assert_eq!((emulator.counters().logins, emulator.counters().writes), (2, 0));
            }
            assert_eq!(renewed(client, &create(), &supervisor()).unwrap(), CallVerdict::Fine);
            let counters = emulator.counters();
            assert_eq!((counters.logins, counters.writes), (2, 1), "{ended_session:?}");
        });
    }
}

#[test]
fn what_comes_between_causes_no_login_for_each_call_and_the_session_goes_on_behind_it() {
    for (interference, verdict, logins) in [
        (Interference::Portal, CallVerdict::UnexpectedStatus, 1),
        (Interference::Firewall, CallVerdict::AccessDenied, 1),
        (Interference::WarmUp, CallVerdict::RenewedInVain, 2), // a lasting 401
    ] {
        let ended_session = EndedSession::Status401Page;
        let emulator = Emulator::start(Options { ended_session, ..Options::default() }).unwrap();
        with_client(&emulator, |client| {
            emulator.interfere(u32::MAX, interference);
            for _ in 0..5 {
                assert_eq!(renewed(client, &create(), &supervisor()).unwrap(), verdict);
            }
            emulator.interfere(0, interference);
            assert_eq!(renewed(client, &create(), &supervisor()).unwrap(), CallVerdict::Fine);
            assert_eq!((emulator.counters().logins, emulator.counters().writes), (logins, 1), "{interference:?}");
        });
    }
}

#[test]
fn a_lasting_401_causes_no_login_for_each_call_whose_reply_nobody_reads_either() {
    let emulator =
        Emulator::start(Options { ended_session: EndedSession::Status401Page, ..Options::default() }).unwrap();
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 32]); // so that the reply comes in pieces
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    assert_eq!(client.login(&supervisor()).unwrap().verdict, Verdict::Authenticated);
    emulator.interfere(u32::MAX, Interference::WarmUp);
    for _ in 0..6 {
        drop(client.call_renewed(&create(), &supervisor()).unwrap());
    }
    assert_eq!(emulator.counters().logins, 2);
}

#[test]
fn an_account_is_not_locked_however_often_a_call_is_made_with_a_password_that_is_no_longer_right() {
    let emulator = Emulator::start(Options { lockout_after: NonZeroU32::new(2), ..Options::default() }).unwrap();
    with_client(&emulator, |client| {
        emulator.expire_sessions();
        let wrong = Credentials::borrowed("Supervisor", "changed meanwhile");
        let error = renewed(client, &create(), &wrong).unwrap_err();
        assert_eq!(error, Error::SignIn(Refusal::Login(Verdict::Rejected)));
        let message = client.refusal_message().expect("the site says why").to_string();
        assert!(message.contains("password"), "{message}");
        for _ in 0..5 {
            let error = renewed(client, &create(), &wrong).unwrap_err();
            assert_eq!(error, Error::SignIn(earlier(Verdict::Rejected)));
            assert_eq!(
                client.refusal_message().map(|text| text.to_string()),
                Some(message.clone()),
                "no exchange came after"
            );
        }
        assert_eq!(emulator.failed_logins("Supervisor"), 1);
        assert_eq!(client.login(&supervisor()).unwrap().verdict, Verdict::Authenticated);
        assert_eq!(renewed(client, &create(), &supervisor()).unwrap(), CallVerdict::Fine);
    });
}

#[test]
fn a_token_comes_from_elsewhere_and_is_renewed_from_there() {
    let identity = Some(Default::default());
    let emulator = Emulator::start(Options { identity, ..Options::default() }).unwrap();
    let (url, service, mut memory, mut buffer) =
        (emulator.url(), emulator.identity_url().unwrap(), [0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let service = Site::parse(&service, Runtime::Net).unwrap();
    let who = ClientCredentials::borrowed("client", "secret");
    let identity = Identity::new(service, &who);
    assert_eq!(client.token(&identity).unwrap().verdict, TokenVerdict::Granted);
    for _ in 0..2 {
        let answer = client.call_renewed(&create(), &identity).unwrap().answer().unwrap();
        assert_eq!(answer.verdict, CallVerdict::Fine);
        emulator.expire_tokens();
    }
    assert_eq!((emulator.counters().tokens_issued, emulator.counters().writes), (2, 2));
}

#[cfg(feature = "embedded-io-async-07")]
#[test]
fn the_asynchronous_client_signs_in_calls_uploads_renews_and_logs_out_on_tokio() {
    use creatio_auth::client::asynch::Client;
    use tokio::time::{Duration, timeout};

    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, crate::tcp::tokio::Tcp::default(), &mut buffer);
    let who = supervisor();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert!(client.login(&who).await.unwrap().verdict.is_authenticated());
        let json = br#"{"Name":"Bob"}"#;
        let call = Call::post(contacts()).with_body_of_length("application/json", json.len()).unwrap();
        let mut upload = client.upload(&call).await.unwrap();
        for piece in json.chunks(3) {
            upload.write(piece).await.unwrap();
        }
        assert_eq!(upload.reply().await.unwrap().answer().await.unwrap().http_status, 201);

        // Given up before anything can have come.
        let call = create();
        assert!(timeout(Duration::ZERO, client.call(&call)).await.is_err());

        emulator.expire_sessions();
        let mut reply = client.call_renewed(&Call::get(contacts()), &who).await.unwrap();
        let mut body = Vec::new();
        while let Some(piece) = reply.piece().await.unwrap() {
            body.extend_from_slice(piece);
        }
        assert!(String::from_utf8(body).unwrap().contains("Bob"));
        assert_eq!(reply.answer().await.unwrap().verdict, CallVerdict::Fine);
        assert_eq!(client.logout().await.unwrap(), Some(CallVerdict::Fine));
    });
    assert_eq!(emulator.counters().logins, 2);
}
