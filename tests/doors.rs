//! The doors beside the plain login, over real connections to the emulator: tokens, the change of a password, one-time
//! codes, Basic. Each lets the client in, a write is done once, and what is refused is not tried again.

mod support;

use std::num::NonZeroU32;
use std::time::Duration;

use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, EndSign, PasswordChange, Path, Renewal, Runtime, Session,
    Site, Step, TokenVerdict, Verdict,
};
use creatio_emulator::{
    Emulator, EndedSession, EndedToken, Identity, LoginPage, Options, Outcome as LoginOutcome, TokenEndpoint, User,
};
use support::wire::{Outcome, transfer, transfer_to};

const NOW: u64 = 1_800_000_000;
const FINE: Outcome = Outcome::Answered(CallVerdict::Fine);
const REJECTED: Outcome = Outcome::Answered(CallVerdict::SessionEnded(EndSign::TokenRejected));

fn contacts() -> Path<'static> {
    Path::site("/odata/Contact").unwrap()
}

fn create() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

fn with_identity(options: Options, identity: Identity) -> Emulator {
    Emulator::start(Options { identity: Some(identity), ..options }).unwrap()
}

fn session<'m>(url: &'m str, memory: &'m mut [u8]) -> Session<'m> {
    Session::new(Site::parse(url, Runtime::NetFramework).unwrap(), memory)
}

/// Asks a host for a token; nothing if the connection failed.
fn token(session: &mut Session<'_>, host: &str, secret: &str) -> Option<TokenVerdict> {
    let host = Site::parse(host, Runtime::NetFramework).unwrap();
    let client = ClientCredentials::borrowed("client", secret);
    let mut exchange = session.token(&host, &client);
    transfer_to(&host, session, &mut exchange).ok()?;
    Some(exchange.token_result(session).unwrap().verdict)
}

/// Does what the policy says, as often as it says it; `sign_in` says whether there is authorization now.
fn call(session: &mut Session<'_>, call: &Call<'_>, mut sign_in: impl FnMut(&mut Session<'_>) -> bool) -> Outcome {
    let mut renewal = Renewal::new(call);
    loop {
        let mut exchange = session.call(call);
        if transfer(session, &mut exchange).is_err() {
            return Outcome::Broken;
        }
        let verdict = exchange.call_result(session).unwrap().verdict;
        let mut step = renewal.after_answer(&exchange, session);
        if step == Step::SignIn {
            let is_signed_in = sign_in(session);
            step = renewal.after_sign_in(is_signed_in, session);
        }
        if step == Step::Report {
            return Outcome::Answered(verdict);
        }
    }
}

/// A call that is not to need a new sign-in.
fn call_once(session: &mut Session<'_>, call_of: &Call<'_>) -> Outcome {
    call(session, call_of, |_| panic!("nothing has ended"))
}

fn login(session: &mut Session<'_>, credentials: &Credentials<'_>) -> Option<Verdict> {
    let mut exchange = session.login(credentials);
    transfer(session, &mut exchange).ok()?;
    let verdict = exchange.login_result(session).unwrap().verdict;
    assert_eq!(exchange.is_signed_in(session), Ok(verdict.is_authenticated()));
    Some(verdict)
}

fn change(session: &mut Session<'_>, user_name: &str, password: &str, new: &str) -> Option<Verdict> {
    let change = PasswordChange::borrowed(Credentials::borrowed(user_name, password), new);
    let mut exchange = session.change_password(&change);
    transfer(session, &mut exchange).ok()?;
    Some(exchange.login_result(session).unwrap().verdict)
}

//= 6749-10.3-tls, 6749-10.5-codes, 7009-2-tls, 8414-3-tls, 6749-10.8-not-in-the-clear
#[test]
fn a_token_opens_everything_that_a_login_does_and_the_last_door_counts() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let emulated = if runtime == Runtime::Net { creatio_emulator::Runtime::Net } else { Default::default() };
        let options = Options { runtime: emulated, base_path: "/App".into(), ..Options::default() };
        let emulator = with_identity(options, Identity::default());
        let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
        let mut session = Session::new(Site::parse(&url, runtime).unwrap(), &mut memory);
        assert_eq!(token(&mut session, &identity, "secret"), Some(TokenVerdict::Granted));
        let select = Path::site("/DataService/json/SyncReply/SelectQuery").unwrap();
        let select = Call::post(select).with_json(br#"{"rootSchemaName":"Contact"}"#);
        for one in [Call::get(contacts()), create(), select, Call::ping()] {
            assert_eq!(call_once(&mut session, &one), FINE);
        }
        assert_eq!((emulator.counters().writes, emulator.counters().logins), (1, 0));

        assert_eq!(
            login(&mut session, &Credentials::borrowed("Supervisor", "Supervisor")),
            Some(Verdict::Authenticated)
        );
        emulator.expire_tokens();
        assert_eq!(call_once(&mut session, &create()), FINE, "by cookies");
        assert_eq!(token(&mut session, &identity, "secret"), Some(TokenVerdict::Granted));
        emulator.expire_sessions();
        assert_eq!(call_once(&mut session, &create()), FINE, "by the token");
        assert_eq!(emulator.counters().writes, 3);
    }
}

#[test]
fn a_rejected_token_costs_one_request_and_the_write_is_done_once_in_each_of_its_shapes() {
    for (ended_token, ended_session, sign) in [
        (EndedToken::Empty, EndedSession::Redirect, EndSign::TokenRejected),
        (EndedToken::Message, EndedSession::Redirect, EndSign::TokenRejected),
        (EndedToken::LikeSession, EndedSession::Redirect, EndSign::RedirectToLogin),
        (EndedToken::LikeSession, EndedSession::LoginPage, EndSign::LoginPage),
        (EndedToken::LikeSession, EndedSession::Status401, EndSign::TokenRejected),
    ] {
        let options = Options { ended_token, ended_session, ..Options::default() };
        let emulator = with_identity(options, Identity::default());
        let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
        let mut session = session(&url, &mut memory);
        token(&mut session, &identity, "secret");
        emulator.expire_tokens_after_calls(1);
        assert_eq!(call_once(&mut session, &Call::get(contacts())), FINE);
        let ended = Outcome::Answered(CallVerdict::SessionEnded(sign));
        assert_eq!(call(&mut session, &create(), |_| false), ended);
        let renew = |session: &mut Session<'_>| token(session, &identity, "secret") == Some(TokenVerdict::Granted);
        if sign == EndSign::LoginPage {
            assert_eq!(call(&mut session, &create(), renew), ended, "it may have been the call's own answer");
        }
        assert_eq!(call(&mut session, &create(), renew), FINE);
        let done = emulator.counters();
        assert_eq!((done.tokens_issued, done.writes, done.logins), (2, 1, 0), "{sign:?}");
    }
}

#[test]
fn a_renewal_that_is_refused_is_reported_and_asked_for_once() {
    let emulator = with_identity(Options::default(), Identity::default());
    let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
    let mut session = session(&url, &mut memory);
    token(&mut session, &identity, "secret");
    emulator.change_identity(|identity| identity.clients[0].secret = "changed meanwhile".into());
    let mut renew = |session: &mut Session<'_>| token(session, &identity, "secret") == Some(TokenVerdict::Granted);
    assert_eq!(call(&mut session, &create(), &mut renew), FINE, "the token that there is goes on");
    emulator.expire_tokens();
    for _ in 1..=2 {
        assert_eq!(call(&mut session, &create(), &mut renew), REJECTED);
        let done = emulator.counters();
        assert_eq!((done.tokens_issued, done.token_requests_refused, done.writes), (1, 1, 1));
    }
    assert!(session.has_authorization(), "what is refused changes nothing");
}

#[test]
fn a_token_that_never_holds_costs_one_request() {
    let identity = Identity { token_lifetime: Duration::ZERO, ..Identity::default() };
    let emulator = with_identity(Options::default(), identity);
    let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
    let mut session = session(&url, &mut memory);
    let renew = |session: &mut Session<'_>| token(session, &identity, "secret") == Some(TokenVerdict::Granted);
    assert!({ renew }(&mut session));
    for _ in 0..3 {
        assert_eq!(call(&mut session, &create(), renew), Outcome::Answered(CallVerdict::RenewedInVain));
    }
    assert_eq!((emulator.counters().tokens_issued, emulator.counters().writes), (2, 0));
}

#[test]
fn a_write_by_token_is_done_once_wherever_it_is_cut() {
    let identity = Identity { token_length: 64, ..Identity::default() };
    let emulator = with_identity(Options::default(), identity);
    let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
    let mut session = session(&url, &mut memory);
    token(&mut session, &identity, "secret");
    let len = session.call(&create()).request_len(&session);
    for cut in 0..len {
        emulator.cut_request_after(cut);
        assert_eq!(call_once(&mut session, &create()), Outcome::Broken, "{cut}");
    }
    assert_eq!(emulator.counters().writes, 0);
    for cut in 0.. {
        emulator.cut_after(cut);
        let outcome = call_once(&mut session, &create());
        assert_eq!(emulator.counters().writes, cut as u64 + 1);
        if outcome == FINE {
            break;
        }
        assert_eq!(outcome, Outcome::Broken, "{cut}");
    }
    assert_eq!(emulator.counters().tokens_issued, 1);
}

#[test]
fn a_new_token_is_due_a_margin_before_the_old_one_expires() {
    let identity = Identity { token_lifetime: Duration::from_secs(100), ..Identity::default() };
    let emulator = with_identity(Options::default(), identity);
    let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
    let mut session = session(&url, &mut memory);
    session.set_time(NOW);
    assert!(!session.needs_token(u32::MAX), "there is none that could expire");
    token(&mut session, &identity, "secret");
    assert_eq!(session.token_expires_at(), Some(NOW + 100));
    for (later, margin, is_due) in [(0, 99, false), (0, 100, true), (39, 60, false), (40, 60, true), (100, 0, true)] {
        session.set_time(NOW + later);
        assert_eq!(session.needs_token(margin), is_due, "{later} {margin}");
    }
    session.set_time(NOW + 40);
    assert_eq!(token(&mut session, &identity, "wrong"), Some(TokenVerdict::InvalidClient));
    assert!(session.needs_token(60), "a refusal leaves the old token as it was");
    assert_eq!(call_once(&mut session, &create()), FINE);
    token(&mut session, &identity, "secret");
    assert!(!session.needs_token(60) && session.token_expires_at() == Some(NOW + 140));
    assert_eq!(call_once(&mut session, &create()), FINE);
}

#[test]
fn a_restored_session_goes_on_with_its_token() {
    let emulator = with_identity(Options::default(), Identity::default());
    let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
    let mut session = session(&url, &mut memory);
    session.set_time(NOW);
    token(&mut session, &identity, "secret");
    let mut snapshot = vec![0; session.snapshot_len()];
    session.write_snapshot(&mut snapshot).unwrap();
    let mut other = [0; 8192];
    let mut restored = support::restored(*session.site(), &mut other, &snapshot).unwrap();
    assert_eq!(restored.token_expires_at(), session.token_expires_at());
    assert_eq!(call_once(&mut restored, &create()), FINE);
}

#[test]
fn the_application_is_the_wrong_host_to_ask_and_the_session_stays_as_it_was() {
    let pages = [LoginPage::Form, LoginPage::Shell, LoginPage::Ssp, LoginPage::SspWithoutReturnUrl];
    let answers = pages.map(|page| [(TokenEndpoint::Redirect, page), (TokenEndpoint::LoginPage, page)]);
    for (token_endpoint, login_page) in answers.concat() {
        let options = Options { token_endpoint, login_page, ..Options::default() };
        let emulator = with_identity(options, Identity::default());
        let (url, mut memory) = (emulator.url(), [0; 8192]);
        let mut session = session(&url, &mut memory);
        login(&mut session, &Credentials::borrowed("Supervisor", "Supervisor"));
        assert_eq!(token(&mut session, &url, "secret"), Some(TokenVerdict::WrongHost));
        assert_eq!(call_once(&mut session, &create()), FINE);
    }
}

fn with_user(options: Options, outcome: LoginOutcome) -> Emulator {
    let users = vec![User::with_outcome("Ann", "o\"ld", outcome)];
    Emulator::start(Options { users, ..options }).unwrap()
}

#[test]
fn a_change_of_password_signs_in_and_the_old_one_is_refused() {
    for (outcome, verdict) in [
        (LoginOutcome::PasswordChangeAdvised, Verdict::PasswordChangeAdvised),
        (LoginOutcome::PasswordExpired, Verdict::Rejected),
        (LoginOutcome::Accepted, Verdict::Authenticated),
    ] {
        let emulator = with_user(Options::default(), outcome);
        let (url, mut memory) = (emulator.url(), [0; 4096]);
        let mut session = session(&url, &mut memory);
        assert_eq!(login(&mut session, &Credentials::borrowed("Ann", "o\"ld")), Some(verdict));
        assert_eq!(change(&mut session, "Ann", "o\"ld", "o\"ld"), Some(Verdict::Rejected), "it is the old one");
        assert_eq!(change(&mut session, "Ann", "wrong", "new"), Some(Verdict::Rejected));
        assert_eq!(emulator.counters().passwords_changed, 0);
        assert_eq!(change(&mut session, "Ann", "o\"ld", "n\\ew ü"), Some(Verdict::Authenticated));
        assert_eq!(call_once(&mut session, &create()), FINE);
        session.clear();
        assert_eq!(login(&mut session, &Credentials::borrowed("Ann", "o\"ld")), Some(Verdict::Rejected));
        assert_eq!(login(&mut session, &Credentials::borrowed("Ann", "n\\ew ü")), Some(Verdict::Authenticated));
        assert_eq!(call_once(&mut session, &create()), FINE);
        assert_eq!((emulator.counters().passwords_changed, emulator.counters().writes), (1, 2));
    }
}

#[test]
fn a_change_that_does_not_sign_in_asks_for_a_login() {
    let options = Options { password_change_signs_in: false, ..Options::default() };
    let emulator = with_user(options, LoginOutcome::PasswordExpired);
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut session = session(&url, &mut memory);
    assert_eq!(change(&mut session, "Ann", "o\"ld", "new"), Some(Verdict::NoTicket));
    assert_eq!(emulator.counters().passwords_changed, 1);
    assert_eq!(login(&mut session, &Credentials::borrowed("Ann", "new")), Some(Verdict::Authenticated));
    assert_eq!(call_once(&mut session, &create()), FINE);
}

#[test]
fn a_one_time_code_opens_and_is_not_tried_again_when_it_is_used_up() {
    let users = vec![User::new("Ann", "a").with_one_time_code("123456")];
    let (lockout_after, one_time_code_provider) = (NonZeroU32::new(2), Some("Totp".to_owned()));
    let options = Options { users, lockout_after, one_time_code_provider, ..Options::default() };
    let emulator = Emulator::start(options).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut session = session(&url, &mut memory);
    let ann = || Credentials::borrowed("Ann", "a").with_provider_name("Totp");
    assert_eq!(login(&mut session, &ann()), Some(Verdict::Rejected));
    assert_eq!(login(&mut session, &ann().with_borrowed_one_time_code("123456")), Some(Verdict::Authenticated));
    assert_eq!(call_once(&mut session, &create()), FINE);

    // What the client knows is the code of the last login; the user's is another by now.
    assert!(emulator.set_one_time_code("Ann", Some("654321")));
    emulator.expire_sessions();
    let mut sign_in = |session: &mut Session<'_>| {
        login(session, &ann().with_borrowed_one_time_code("123456")) == Some(Verdict::Authenticated)
    };
    let ended = Outcome::Answered(CallVerdict::SessionEnded(EndSign::RedirectToLogin));
    assert_eq!(call(&mut session, &create(), &mut sign_in), ended);
    assert_eq!(emulator.failed_logins("Ann"), 1, "one more would have locked the account");
    assert_eq!(login(&mut session, &ann().with_borrowed_one_time_code("654321")), Some(Verdict::Authenticated));
    assert_eq!(call_once(&mut session, &create()), FINE);
}

#[test]
fn a_site_that_takes_no_passwords_takes_tokens() {
    for (oauth_only_rejection, verdict) in [(1, Verdict::Rejected), (7, Verdict::UnknownCode)] {
        let options = Options { oauth_only: true, oauth_only_rejection, basic: true, ..Options::default() };
        let emulator = with_identity(options, Identity::default());
        let (url, identity, mut memory) = (emulator.url(), emulator.identity_url().unwrap(), [0; 8192]);
        let mut session = session(&url, &mut memory);
        let who = Credentials::borrowed("Supervisor", "Supervisor");
        let mut exchange = session.login(&who);
        transfer(&mut session, &mut exchange).unwrap();
        let answer = exchange.login_result(&session).unwrap();
        assert_eq!(
            (answer.verdict, answer.message.unwrap().as_str()),
            (verdict, "Integrations sign in by OAuth 2.0 only.")
        );
        assert_eq!(token(&mut session, &identity, "secret"), Some(TokenVerdict::Granted));
        assert_eq!(call_once(&mut session, &create()), FINE);
        assert_eq!((emulator.counters().logins, emulator.counters().writes), (1, 1));
    }
}

#[test]
fn basic_opens_odata_where_the_site_allows_it() {
    let emulator = Emulator::start(Options { basic: true, ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut session = session(&url, &mut memory);
    session.use_basic(&Credentials::borrowed("Supervisor", "Supervisor")).unwrap();
    assert_eq!(call_once(&mut session, &Call::get(contacts())), FINE);
    assert_eq!(call_once(&mut session, &create()), FINE);
    assert_eq!((emulator.counters().logins, emulator.counters().writes), (0, 1));
    // Not every service takes it.
    let refused = Outcome::Answered(CallVerdict::Unauthorized);
    assert_eq!(call(&mut session, &Call::ping(), |_| false), refused);
}

/// Each call that is refused may be one of the few before the account is locked, and there is nothing to sign in to again.
#[test]
fn basic_with_a_wrong_password_is_tried_once_a_call() {
    let lockout_after = NonZeroU32::new(2);
    let emulator = Emulator::start(Options { basic: true, lockout_after, ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut session = session(&url, &mut memory);
    let by_basic = |session: &mut Session<'_>| {
        session.use_basic(&Credentials::borrowed("Supervisor", "wrong")).unwrap();
        true
    };
    by_basic(&mut session);
    assert_eq!(call(&mut session, &create(), by_basic), Outcome::Answered(CallVerdict::Unauthorized));
    assert_eq!(emulator.failed_logins("Supervisor"), 1);
}
