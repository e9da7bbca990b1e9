//! Sessions that are saved before a sign-in goes out, and when they have changed: by both clients, in all ways to sign in.

use std::cell::RefCell;
use std::convert::identity;
use std::rc::Rc;

use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::transports::{Kept, Saving};
use creatio_auth::client::{Error, Identity, Refusal, WindowsLogin, blocking};
use creatio_auth::{
    AuthorizationRequest, Call, ClientCredentials, EarlierSignIn, PasswordChange, RefreshToken, ReplyError, Runtime,
    SNAPSHOT_OVERHEAD, Session, Site, Verdict, WindowsScheme, WindowsVerdict,
};

use crate::renewal::{earlier, ended, let_in, ok, post};
use crate::script::{Line, Script};
use crate::support::fixtures::{setting, with_length};
use crate::support::{MEMORY, contacts, credentials, net, signed_in};

type Outcome = Result<(), Error<ErrorKind>>;
type Save<'s> = &'s mut dyn FnMut(&[u8]) -> bool;
type Client = fn(Deed, &mut Session<'_>, &Script, Save<'_>) -> Outcome;

const JSON: &str = "Content-Type: application/json";
const CLOSED: Outcome = Err(Error::Reply(ReplyError::ClosedEarly));
const NOT_SAVED: Outcome = Err(Error::SignIn(Refusal::NotSaved));
const LOST: Outcome = Err(Error::SignIn(Refusal::Earlier(EarlierSignIn::Lost)));

const fn wait(seconds: u32) -> Outcome {
    Err(Error::SignIn(Refusal::Wait { seconds }))
}

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    Login,
    ChangePassword,
    Token,
    Refresh,
    Code,
    Windows,
    /// Calls, and is renewed.
    Renewed,
    RenewedToken,
    RenewedRefresh,
    RenewedWindows,
    Call,
    LogOut,
    Revoke,
}

/// All that sign in.
const DOORS: [Deed; 10] = {
    use Deed::*;
    [Login, ChangePassword, Token, Refresh, Code, Windows, Renewed, RenewedToken, RenewedRefresh, RenewedWindows]
};

fn service() -> Site<'static> {
    Site::parse("https://crm-is.example.com", Runtime::Net).unwrap()
}

fn tokens(challenge: &[u8], token: &mut [u8]) -> Option<usize> {
    token[0] = b't';
    Some(if challenge.is_empty() { 1 } else { 2 })
}

/// The function that does it by this client, which keeps and saves.
macro_rules! client {
    ($name:ident, $module:ident, $transport:expr, $wait:path) => {
        fn $name(deed: Deed, session: &mut Session<'_>, script: &Script, save: Save<'_>) -> Outcome {
            let (mut buffer, mut memory, mut token) = ([0; 64], [0; MEMORY + SNAPSHOT_OVERHEAD], [0; 64]);
            let saving = Saving::new($transport(script.clone()), session.revision(), &mut memory, save);
            let mut client = $module::Client::new(session, Kept::new(saving), &mut buffer);
            let (who, desktop) = (credentials(), ClientCredentials::public("desktop"));
            let identity = Identity::new(service(), &desktop);
            let mut windows = WindowsLogin::new(WindowsScheme::Ntlm, &mut token, tokens);
            match deed {
                Deed::Login => $wait(client.login(&who)).map(|_| ()),
                Deed::ChangePassword => {
                    let change = PasswordChange::borrowed(credentials(), "hunter3");
                    $wait(client.change_password(&change)).map(|_| ())
                }
                Deed::Token => $wait(client.token(&identity)).map(|_| ()),
                Deed::Refresh => $wait(client.token_by_refresh(&identity)).map(|_| ()),
                Deed::Code => {
                    let request = AuthorizationRequest::new("desktop", "http://127.0.0.1:7001/", &[7; 48]);
                    $wait(client.token_by_code(&identity, &request, "code")).map(|_| ())
                }
                Deed::Windows => $wait(client.windows_login(&mut windows)).map(|_| ()),
                Deed::Renewed => $wait(client.call_renewed(&post(), &who)).map(|_| ()),
                Deed::RenewedToken => $wait(client.call_renewed(&post(), &identity)).map(|_| ()),
                Deed::RenewedRefresh => $wait(client.call_renewed(&post(), &identity.by_refresh())).map(|_| ()),
                Deed::RenewedWindows => $wait(client.call_renewed(&post(), &mut windows)).map(|_| ()),
                Deed::Call => $wait($wait(client.call(&Call::get(contacts())))?.answer()).map(|_| ()),
                Deed::LogOut => $wait(client.logout()).map(|_| ()),
                Deed::Revoke => $wait(client.revoke(&identity)).map(|_| ()),
            }
        }
    };
}

client!(by_blocking, blocking, identity, identity);

#[cfg(feature = "embedded-io-async-07")]
use {crate::slow, creatio_auth::client::asynch};
#[cfg(feature = "embedded-io-async-07")]
client!(by_asynch, asynch, slow::Slow, slow::wait);

#[cfg(feature = "embedded-io-async-07")]
const CLIENTS: [Client; 2] = [by_blocking, by_asynch];
#[cfg(not(feature = "embedded-io-async-07"))]
const CLIENTS: [Client; 1] = [by_blocking];

/// What outlives a reset: the snapshots that were written, of which the last one counts.
#[derive(Clone, Default)]
struct Flash(Rc<RefCell<Vec<Vec<u8>>>>);

impl Flash {
    fn write(&self, snapshot: &[u8]) -> bool {
        self.0.borrow_mut().push(snapshot.to_vec());
        true
    }

    fn writes(&self) -> usize {
        self.0.borrow().len()
    }

    /// The session at a start.
    fn at_start<R>(&self, look: impl FnOnce(&mut Session<'_>) -> R) -> R {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        if let Some(snapshot) = self.0.borrow().last() {
            session.restore(snapshot).unwrap();
        }
        look(&mut session)
    }

    /// A start after which a client does this, and is reset when it has saved so often, or would: what it has in its memory then is lost.
    fn boot(&self, client: Client, deed: Deed, script: &Script, saves: usize, waits: bool) -> Outcome {
        self.at_start(|session| {
            if waits {
                session.end_sign_in_delay();
            }
            let mut left = saves;
            let mut save = |snapshot: &[u8]| {
                let is_on = left > 0;
                left = left.saturating_sub(1);
                !is_on || self.write(snapshot)
            };
            client(deed, session, script, &mut save)
        })
    }
}

fn rejected() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", JSON], r#"{"Code":1,"Message":"No"}"#)
}

fn granted() -> Vec<u8> {
    let token = r#"{"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r"}"#;
    with_length(&["HTTP/1.1 200 OK", JSON], token)
}

/// How often the site has got a whole login, as long as this one.
fn judged(script: &Script, len: usize) -> usize {
    script.notes(|notes| notes.sent.iter().filter(|sent| sent.len() >= len).count())
}

/// How long a login is.
fn login_len() -> usize {
    let script = Script::new([Line::new([rejected()])]);
    let mut memory = [0; MEMORY];
    let _ = by_blocking(Deed::Login, &mut Session::new(net(), &mut memory), &script, &mut |_| true);
    script.notes(|notes| notes.sent[0].len())
}

/// Connections that end when so many bytes of a login, or of its answer, have gone over them: one for each such moment.
fn cuts() -> impl Iterator<Item = Line> {
    let (sent, answer) = (0..login_len(), 0..rejected().len());
    let line = || Line::new([rejected()]);
    sent.map(move |cut| line().takes(cut)).chain(answer.map(move |cut| line().gives(cut)))
}

#[test]
fn a_device_that_is_reset_at_any_byte_of_a_sign_in_again_and_again_sends_a_rejected_password_once() {
    let len = login_len();
    for client in CLIENTS {
        for line in cuts() {
            let (flash, script) = (Flash::default(), Script::new(vec![line.clone(); 40]));
            assert_eq!(flash.boot(client, Deed::Renewed, &script, 1, false), CLOSED);
            for _ in 1..40 {
                assert_eq!(flash.boot(client, Deed::Renewed, &script, 1, false), wait(30));
            }
            assert_eq!((script.connects(), flash.writes()), (1, 1), "{line:?}");
            assert!(judged(&script, len) <= 1);
        }
    }
}

#[test]
fn nor_more_often_than_three_times_where_each_start_waits_as_long_as_it_is_told() {
    let len = login_len();
    for client in CLIENTS {
        for line in cuts() {
            let (flash, script) = (Flash::default(), Script::new(vec![line; 40]));
            for expected in [CLOSED; 3].into_iter().chain([LOST; 9]) {
                assert_eq!(flash.boot(client, Deed::Renewed, &script, 1, true), expected);
            }
            assert!(judged(&script, len) <= 3);
        }
    }
}

#[test]
fn one_that_is_reset_while_it_saves_has_sent_nothing_and_tries_again() {
    for client in CLIENTS {
        let (flash, script) = (Flash::default(), Script::new([Line::new([]).takes(0), Line::new([rejected()])]));
        assert_eq!(flash.boot(client, Deed::Renewed, &script, 0, false), CLOSED);
        assert_eq!(flash.boot(client, Deed::Renewed, &script, 2, false), refused());
        // What has come of it is saved, too, and no start tries again.
        let never = Err(Error::SignIn(earlier(Verdict::Rejected)));
        for waits in [false, true] {
            assert_eq!(flash.boot(client, Deed::Renewed, &script, 2, waits), never);
        }
        assert_eq!((script.connects(), flash.writes()), (2, 2));
    }
}

fn refused() -> Outcome {
    Err(Error::SignIn(Refusal::Login(Verdict::Rejected)))
}

#[test]
fn without_saving_before_each_start_tries_the_password() {
    // What the others compare with: the site has judged as often as the device was started.
    let (flash, script) = (Flash::default(), Script::new(vec![Line::new([rejected()]).gives(0); 40]));
    for _ in 0..40 {
        assert_eq!(flash.boot(by_blocking, Deed::Renewed, &script, 0, false), CLOSED);
    }
    assert_eq!(judged(&script, login_len()), 40);
}

/// A session for this way to sign in, with a delay that has been waited for in part.
fn session_for(deed: Deed, memory: &mut [u8]) -> Session<'_> {
    let mut session = match deed {
        Deed::Renewed | Deed::RenewedToken | Deed::RenewedWindows => {
            signed_in(net(), memory, &[".ASPXAUTH=old; path=/", "BPMCSRF=c; path=/"])
        }
        _ => Session::new(net(), memory),
    };
    if matches!(deed, Deed::Refresh | Deed::RenewedRefresh | Deed::Revoke) {
        let script = Script::new([Line::new([granted()])]);
        by_blocking(Deed::Code, &mut session, &script, &mut |_| true).unwrap();
        assert_eq!(session.refresh_token(), RefreshToken::Kept);
    }
    session
}

/// What a call comes to that goes out before its session is renewed.
fn refusal(deed: Deed, session: &Session<'_>) -> Option<Line> {
    let goes_out = session.has_ticket() || session.has_authorization() && deed == Deed::RenewedRefresh;
    goes_out.then(|| Line::new([ended()[5].0.clone()]))
}

#[test]
fn in_each_way_to_sign_in_it_is_saved_before_the_first_byte() {
    for client in CLIENTS {
        for deed in DOORS {
            let mut memory = [0; MEMORY];
            let mut session = session_for(deed, &mut memory);
            let script = Script::new(refusal(deed, &session).into_iter().chain(vec![Line::new([]); 2]));
            let mut sent = None;
            let mut save = |snapshot: &[u8]| {
                let mut memory = [0; MEMORY];
                let mut other = Session::new(net(), &mut memory);
                other.restore(snapshot).unwrap();
                sent.get_or_insert(script.notes(|notes| (notes.sent.last().unwrap().len(), other.sign_in_delay())));
                true
            };
            assert!(client(deed, &mut session, &script, &mut save).is_err(), "{deed:?}");
            assert_eq!(sent, Some((0, Some(30))), "{deed:?}");
            assert!(script.notes(|notes| !notes.sent.last().unwrap().is_empty()), "{deed:?} went out");
        }
    }
}

#[test]
fn in_each_way_to_sign_in_nothing_goes_out_that_could_not_be_saved_and_the_session_is_as_it_was() {
    for client in CLIENTS {
        for deed in DOORS {
            let mut memory = [0; MEMORY];
            let mut session = session_for(deed, &mut memory);
            let first = refusal(deed, &session);
            let script = Script::new(first.clone().into_iter().chain(vec![Line::new([]); 4]));
            let before = (session.has_ticket(), session.refresh_token());
            assert_eq!(client(deed, &mut session, &script, &mut |_| false), NOT_SAVED, "{deed:?}");
            assert_eq!(session.sign_in_delay(), Some(0), "{deed:?}");
            assert!(
                !script.is_connected() && script.notes(|notes| notes.sent.last().unwrap().is_empty()),
                "{deed:?}"
            );
            let now = (session.has_ticket(), session.refresh_token());
            // What had ended is given up before, as ever.
            assert!(before == now || first.is_some(), "{deed:?}");
        }
        // Of one that was lost before, what has been waited is not lost.
        let (mut memory, now) = ([0; MEMORY], 1_795_308_774);
        let mut session = Session::new(net(), &mut memory);
        session.set_time(now);
        let script =
            Script::new([Line::new([]), Line::new([]), Line::new([let_in(), ok()]).goes_on(), Line::new([ok()])]);
        assert_eq!(client(Deed::Renewed, &mut session, &script, &mut |_| true), CLOSED);
        session.set_time(now + 30);
        assert_eq!(client(Deed::Renewed, &mut session, &script, &mut |_| false), NOT_SAVED);
        assert_eq!(session.sign_in_delay(), Some(0));
        assert_eq!(client(Deed::Renewed, &mut session, &script, &mut |_| true), Ok(()));
    }
}

#[test]
fn a_buffer_that_is_too_small_saves_nothing() {
    let (mut memory, mut buffer, mut small) = ([0; MEMORY], [0; 64], [0; SNAPSHOT_OVERHEAD - 1]);
    let (mut session, script) = (Session::new(net(), &mut memory), Script::new([Line::new([])]));
    let saving = Saving::new(script, session.revision(), &mut small, |_: &[u8]| panic!("there is nothing to save"));
    let mut client = blocking::Client::new(&mut session, saving, &mut buffer);
    assert_eq!(client.login(&credentials()).map(|_| ()), NOT_SAVED);
}

#[test]
fn it_is_saved_after_an_exchange_that_has_changed_it_however_that_has_ended_and_after_no_other() {
    let json = |status: &str| with_length(&[status, JSON], "{}");
    let malformed = || b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n".to_vec();
    let cut = || b"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{".to_vec();
    let challenge = || with_length(&["HTTP/1.1 401 No", "WWW-Authenticate: NTLM dA=="], "");
    for client in CLIENTS {
        for (deed, replies, writes, earlier, has_ticket) in [
            (Deed::Login, vec![let_in()], 2, None, true),
            (Deed::Login, vec![rejected()], 2, Some(EarlierSignIn::Login(Verdict::Rejected)), false),
            (Deed::Login, vec![malformed()], 2, Some(EarlierSignIn::Unreadable), false),
            (Deed::Login, vec![cut()], 2, Some(EarlierSignIn::Unreadable), false),
            (Deed::Login, vec![json("HTTP/1.1 503 Busy")], 2, None, false),
            (Deed::Windows, vec![challenge(); 2], 5, Some(EarlierSignIn::Windows(WindowsVerdict::Refused)), false),
            (Deed::Renewed, vec![let_in(), ok()], 2, None, true),
            (Deed::Call, vec![ok()], 0, None, false),
            (Deed::Call, vec![malformed()], 0, None, false),
            (Deed::Call, vec![setting(&["a=b; path=/"])], 1, None, false),
        ] {
            let (mut memory, flash) = ([0; MEMORY], Flash::default());
            let script = Script::new([Line::new(replies).goes_on()]);
            let mut session = Session::new(net(), &mut memory);
            let _ = client(deed, &mut session, &script, &mut |snapshot| flash.write(snapshot));
            assert_eq!(flash.writes(), writes, "{deed:?}");
            let saved = flash.at_start(|saved| (saved.revision(), saved.earlier_sign_in(), saved.has_ticket()));
            let expected = if writes == 0 { Session::new(net(), &mut []).revision() } else { session.revision() };
            assert_eq!(saved, (expected, earlier, has_ticket), "{deed:?}");
        }
    }
}

#[test]
fn what_could_not_be_saved_after_an_exchange_is_saved_after_the_next() {
    for client in CLIENTS {
        let (mut memory, flash, mut nth) = ([0; MEMORY], Flash::default(), 0);
        let script = Script::new([Line::new([setting(&["a=b; path=/"])]), Line::new([ok()])]);
        let mut session = Session::new(net(), &mut memory);
        let saved = session.revision();
        let mut failing = |_: &[u8]| {
            nth += 1;
            false
        };
        client(Deed::Call, &mut session, &script, &mut failing).unwrap();
        assert_eq!(nth, 1);
        assert_ne!(session.revision(), saved);
        let mut buffer = [0; MEMORY + SNAPSHOT_OVERHEAD];
        let mut saving = Saving::new(script, saved, &mut buffer, |snapshot: &[u8]| flash.write(snapshot));
        let mut pieces = [0; 64];
        let mut later = blocking::Client::new(&mut session, &mut saving, &mut pieces);
        assert_eq!(later.call(&Call::get(contacts())).unwrap().answer().unwrap().http_status, 200);
        assert_eq!((flash.writes(), saving.saved()), (1, session.revision()));
        // The caller's own changes are saved by the caller.
        session.clear();
        assert!(saving.save(&session) && saving.save(&session));
        assert_eq!(flash.writes(), 2);
        let shown = format!("{saving:?}");
        assert!(shown.starts_with("Saving { saved: ") && shown.ends_with(", .. }"), "{shown}");
        assert_eq!(saving.into_inner().connects(), 2);
        assert_eq!(buffer, [0; MEMORY + SNAPSHOT_OVERHEAD], "what it was written through is wiped");
    }
}

#[test]
fn a_session_that_is_given_up_is_forgotten_where_it_was_saved_also_where_the_site_is_not_told() {
    for client in CLIENTS {
        for deed in [Deed::LogOut, Deed::Revoke] {
            for lines in [vec![Line::new([ok()])], vec![Line::new([])], vec![]] {
                let (mut memory, flash) = ([0; MEMORY], Flash::default());
                let mut session = session_for(if deed == Deed::LogOut { Deed::Renewed } else { deed }, &mut memory);
                assert!(session.has_ticket() || session.has_authorization());
                let script = Script::new(lines);
                let _ = client(deed, &mut session, &script, &mut |snapshot| flash.write(snapshot));
                assert!(flash.writes() > 0);
                flash.at_start(|saved| assert!(!saved.has_ticket() && !saved.has_authorization()));
            }
        }
    }
}

#[cfg(feature = "embedded-io-async-07")]
#[test]
fn a_sign_in_whose_future_is_dropped_is_saved_as_one_that_has_gone_out() {
    for times in 1.. {
        let (mut memory, mut buffer, mut snapshot) = ([0; MEMORY], [0; 64], [0; MEMORY + SNAPSHOT_OVERHEAD]);
        let (mut session, script) = (Session::new(net(), &mut memory), Script::new([Line::new([let_in()])]));
        let flash = Flash::default();
        let slow = slow::Slow(script.clone());
        let saving = Saving::new(slow, session.revision(), &mut snapshot, |snapshot: &[u8]| flash.write(snapshot));
        let mut client = asynch::Client::new(&mut session, saving, &mut buffer);
        if slow::poll_times(times, client.login(&credentials())).is_some() {
            assert!(times > 10);
            break;
        }
        let is_sent = script.notes(|notes| notes.sent.first().is_some_and(|sent| !sent.is_empty()));
        let delay = flash.at_start(|saved| saved.sign_in_delay());
        assert!(!is_sent || delay == Some(30), "{times}");
    }
}

#[test]
fn all_that_is_not_saving_is_the_transport_s_own() {
    let site = |url| Site::parse(url, Runtime::Net).unwrap();
    let (home, other) = (site("https://crm.example.com"), site("https://crm.example.co"));
    let script = Script::new([Line::new([ok()]), Line::new([ok()])]);
    {
        use blocking::Transport;
        let mut saving = Saving::new(Kept::new(script.clone()), 0, &mut [], |_: &[u8]| true);
        saving.connect(&home).unwrap();
        assert_eq!((saving.is_open(), saving.is_kept(&home)), (true, false));
        saving.keep(&home);
        assert_eq!((saving.is_kept(&home), saving.is_kept(&other)), (true, false));
        saving.close();
        assert_eq!((saving.is_open(), saving.is_kept(&home), script.is_connected()), (false, false, false));
    }
    #[cfg(feature = "embedded-io-async-07")]
    crate::slow::wait(async {
        use creatio_auth::client::asynch::Transport;
        let mut saving = Saving::new(Kept::new(crate::slow::Slow(script.clone())), 0, &mut [], |_: &[u8]| true);
        saving.connect(&home).await.unwrap();
        assert_eq!((saving.is_open().await, saving.is_kept(&home)), (true, false));
        saving.keep(&home);
        assert_eq!((saving.is_kept(&home), saving.is_kept(&other)), (true, false));
        saving.close().await;
        assert_eq!((saving.is_open().await, saving.is_kept(&home), script.is_connected()), (false, false, false));
    });
}
