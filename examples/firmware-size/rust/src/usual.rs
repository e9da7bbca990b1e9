//! What most gateways come to use of the crate.

use core::hint::black_box;

use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, Exchange, PasswordChange, Path, Renewal, Runtime, Session,
    Site, State, Step, TokenVerdict, encode_query,
};

use crate::{CALL, ENDED, EXCHANGE, LOGIN, LOGOUT, MEMORY_SIZE, Static, TOKEN, exchange, log_in, sign_in};

static SNAPSHOT: Static<[u8; MEMORY_SIZE]> = Static::new();
pub static IDENTITY: Static<Site<'static>> = Static::new();
pub static CLIENT: Static<ClientCredentials<'static>> = Static::new();

/// All of it, and in the midst of it the rest.
pub fn usual(memory: &'static mut [u8], rest: impl FnOnce(&mut Session<'static>) -> Option<()>) -> Option<()> {
    let session = sign_in(memory)?;
    site(session.site())?;
    restore(session)?;
    session.set_time(1_795_308_774);
    session.set_head_limit(65_536);
    look_at(session)?;
    calls(session)?;
    rest(session)?;
    doors(session)?;
    sign_out(session)
}

fn site(site: &Site<'_>) -> Option<()> {
    let next = site.path_of("https://example.creatio.com/0/odata/Contact?$skip=3")?;
    black_box((site.host(), site.port(), site.base_path(), next.as_str()));
    (site.is_https() && site.runtime() == Runtime::NetFramework).then_some(())
}

/// Stays signed in over a restart.
#[inline(never)]
fn restore(session: &mut Session<'static>) -> Option<()> {
    // SAFETY: it is used here only, and not beyond.
    let snapshot = unsafe { SNAPSHOT.put(|| [0; MEMORY_SIZE]) };
    let len = session.write_snapshot(snapshot).ok()?;
    if len != session.snapshot_len() {
        return None;
    }
    session.clear();
    session.restore(snapshot.get(..len)?).ok()
}

fn look_at(session: &Session<'_>) -> Option<()> {
    let count = session.cookies().fold(0, |count, cookie| {
        let flags = (cookie.is_secure(), cookie.is_http_only(), cookie.is_persistent());
        black_box((cookie.name(), cookie.path(), cookie.value_len(), flags));
        count + 1
    });
    // How long the lines are, for there is no room for them here.
    let lines = session.authorization_lines(Path::root("/").ok()?, &mut []);
    (count == 4 && session.has_ticket() && session.has_csrf_token() && lines.is_err()).then_some(())
}

/// One call, and what to do after its answer.
fn call(
    session: &mut Session<'static>,
    call: &Call<'static>,
    renewal: &mut Renewal,
    reply: &'static str,
) -> Option<Step> {
    let under_way = begin_call(session, call);
    black_box(under_way.request_len(session));
    exchange(session, under_way, reply)?;
    let step = step_after(session, under_way, renewal);
    session.end(under_way);
    step
}

#[inline(never)] // as in a login
pub fn begin_call(session: &mut Session<'static>, call: &Call<'static>) -> &'static mut Exchange<'static> {
    // SAFETY: the exchange before is over.
    unsafe { EXCHANGE.put(|| session.call(call)) }
}

#[inline(never)]
fn step_after(session: &mut Session<'_>, under_way: &Exchange<'_>, renewal: &mut Renewal) -> Option<Step> {
    black_box((under_way.http_status(), under_way.content_length()));
    black_box((under_way.content_type(session), under_way.location(session), under_way.wanted_field(session)));
    let answer = under_way.call_result(session).ok()?;
    black_box((answer.message, answer.inner_message, answer.next_link));
    if under_way.state() != State::Done || !under_way.keeps_alive() {
        return None;
    }
    black_box(answer.verdict == CallVerdict::Fine);
    Some(renewal.after_answer(under_way, session))
}

/// A call into a session that has ended, the login for it, and the call again.
fn calls(session: &mut Session<'static>) -> Option<()> {
    static QUERY: &[(&str, &str)] = &[("$filter", "Name eq 'Ann'")];
    let mut encoded = [0; 40];
    black_box(encode_query("Name eq 'Ann'", &mut encoded).ok()?);

    let get = Call::get(Path::site("/odata/Contact").ok()?).with_query(QUERY).with_wanted_field("ETag").ok()?;
    let mut renewal = Renewal::new(&get);
    if call(session, &get, &mut renewal, ENDED)? != Step::SignIn {
        return None;
    }
    let verdict = log_in(session)?.login_result(session).ok()?.verdict;
    if renewal.after_sign_in(verdict.is_authenticated(), session) != Step::Repeat {
        return None;
    }
    (call(session, &get, &mut renewal, CALL)? == Step::Report).then_some(())?;

    let body = Call::post(Path::site("/odata/Contact").ok()?).with_json(br#"{"Name":"Ann"}"#);
    let body = body.with_field_lines("Prefer: return=minimal\r\n").ok()?.with_accept("*/*").ok()?;
    call(session, &body, &mut renewal, CALL).map(|_| ())
}

/// Signs in by all other doors, one after the other.
#[inline(never)]
fn doors(session: &mut Session<'static>) -> Option<()> {
    let changing = begin_change(session);
    exchange(session, changing, LOGIN)?;
    changing.is_signed_in(session).ok().filter(|is| *is)?;
    let asking = begin_token(session)?;
    exchange(session, asking, TOKEN)?;
    (asking.token_result(session).ok()?.verdict == TokenVerdict::Granted).then_some(())?;
    (session.token_expires_at().is_some() && !session.needs_token(60)).then_some(())?;
    session.use_basic(&who()).ok()?;
    session.has_authorization().then_some(())
}

fn who() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "Supervisor")
}

#[inline(never)]
fn begin_change(session: &mut Session<'static>) -> &'static mut Exchange<'static> {
    static CHANGE: Static<PasswordChange<'static>> = Static::new();
    // SAFETY: it is used here only, and the exchange before is over.
    unsafe {
        let change = CHANGE.put(|| PasswordChange::borrowed(who(), "new"));
        EXCHANGE.put(|| session.change_password(change))
    }
}

#[inline(never)]
fn begin_token(session: &mut Session<'static>) -> Option<&'static mut Exchange<'static>> {
    let site = *session.site();
    // SAFETY: the exchange before is over.
    unsafe {
        let (identity, client) =
            (IDENTITY.put(|| site), CLIENT.put(|| ClientCredentials::borrowed("client", "secret")));
        identity.identity_hint()?;
        Some(EXCHANGE.put(|| session.token(identity, client)))
    }
}

fn sign_out(session: &mut Session<'static>) -> Option<()> {
    let logout = Call::logout();
    call(session, &logout, &mut Renewal::new(&logout), LOGOUT)?;
    session.clear();
    Some(())
}
