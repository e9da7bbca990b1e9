//! A firmware that uses every function of the crate, save the texts for people, which are `core::fmt`'s.
#![no_std]
#![no_main]

use core::hint::black_box;

use creatio_auth::{
    Again, AuthorizationRequest, AuthorizationVerdict, BatchOutcome, BatchPart, BatchReader, BatchWriter, Call,
    CallVerdict, ClientCredentials, Credentials, Exchange, Method, PasswordChange, Path, ProbeStep, RefreshToken,
    Renewal, ReplyError, RequestPart, Runtime, RuntimeProbe, Session, Site, State, Step, TokenVerdict, WindowsScheme,
    WindowsVerdict, encode_json, encode_query, retry_delay,
};
use firmware_size::{
    CALL, CHALLENGE, ENDED, ENDPOINTS, EXCHANGE, LOGIN, LOGOUT, MEMORY_SIZE, REVOKED, Static, TOKEN, TOKENS,
    exchange, log_in, sign_in,
};

static SNAPSHOT: Static<[u8; MEMORY_SIZE]> = Static::new();

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    everything(memory).is_some()
}

fn everything(memory: &'static mut [u8]) -> Option<()> {
    let session = sign_in(memory)?;
    site(session.site())?;
    restore(session)?;
    look_at(session)?;
    calls(session)?;
    foreign(session)?;
    batch()?;
    doors(session)?;
    sign_out(session)?;
    probe(session)
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
    session.restore(snapshot.get(..len)?).ok()?;
    if session.revision() == 0 {
        return None;
    }
    session.set_user_agent("meter/2.1").ok()?;
    session.set_field_lines("X-Gateway-Key: k\r\n").ok()?;
    session.set_time(1_795_308_774);
    session.set_head_limit(65_536);
    session.allow_sign_in();
    session.end_sign_in_delay();
    session.sign_in_delay()?;
    if session.earlier_sign_in().is_some() {
        return None;
    }
    session.set_body_limit(65_536);
    (!session.sign_in_drops_cookies()).then_some(())
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
fn begin_call(session: &mut Session<'static>, call: &Call<'static>) -> &'static mut Exchange<'static> {
    // SAFETY: the exchange before is over.
    unsafe { EXCHANGE.put(|| session.call(call)) }
}

#[inline(never)]
fn step_after(session: &mut Session<'_>, under_way: &Exchange<'_>, renewal: &mut Renewal) -> Option<Step> {
    black_box((under_way.http_status(), under_way.content_length()));
    black_box((under_way.content_type(session), under_way.location(session), under_way.wanted_field(session)));
    black_box(under_way.failed_field());
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
    black_box(encode_json("Ann", &mut encoded).ok()?);

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
    let body = body.with_field_lines("Prefer: return=minimal\r\n").ok()?.with_accept("*/*").ok()?.with_repeatable();
    call(session, &body, &mut renewal, CALL)?;
    black_box(retry_delay(1, 1_000, 60_000, black_box(0), None));
    let again =
        [CallVerdict::Busy.again(), verdict.again(), TokenVerdict::Busy.again(), ReplyError::ClosedEarly.again()];
    black_box(again == [Again::IfRepeatable, Again::No, Again::Yes, Again::IfRepeatable]);
    (renewal.after_cut() == Step::RepeatAfter(None) && renewal.may_be_done_before()).then_some(())
}

/// A call that someone else's HTTP client makes.
fn foreign(session: &mut Session<'static>) -> Option<()> {
    let get = Call::get(Path::site("/odata/Contact").ok()?);
    let under_way = begin_call(session, &get);
    black_box(under_way.request_part(session, RequestPart::Target, &mut [0; 32]).ok()?);
    under_way.may_be_sent_again().then_some(())?;
    under_way.feed_field(session, b"Date", b"").ok()?;
    under_way.end_head(session, 200).ok()?;
    let _ = under_way.feed(session, b"{}").ok()?;
    under_way.close(session).ok()
}

/// The body of a batch, and the answer to it.
#[inline(never)]
fn batch() -> Option<()> {
    static READER: Static<BatchReader<'static>> = Static::new();
    static TEXTS: Static<[u8; 64]> = Static::new();
    let mut writer = BatchWriter::new();
    let part = BatchPart::new(Method::Post, "Contact").with_json(b"{}").with_group("g");
    black_box(writer.fill(Some(&part), &mut [0; 64]).ok()?);
    (black_box(writer.skip(None).ok()?) > 0).then_some(())?;
    // SAFETY: each is used here only, and not beyond.
    let reader = unsafe { READER.put(|| BatchReader::new(1, TEXTS.put(|| [0; 64]))) };
    let answer = reader.feed(br#"{"responses":[{"id":"p0","status":201}]}"#).ok()?.answer?;
    black_box((answer.part, answer.http_status, answer.id, answer.message, answer.inner_message, answer.error_code));
    (answer.is_fine && reader.outcome(0) == BatchOutcome::Answered).then_some(())
}

/// Signs in by all other doors, one after the other.
#[inline(never)]
fn doors(session: &mut Session<'static>) -> Option<()> {
    let changing = begin_change(session);
    exchange(session, changing, LOGIN)?;
    changing.is_signed_in(session).ok().filter(|is| *is)?;
    grants(session)?;
    windows(session)?;
    let asking = begin_token(session)?;
    exchange(session, asking, TOKEN)?;
    (asking.token_result(session).ok()?.verdict == TokenVerdict::Granted).then_some(())?;
    (session.token_expires_at().is_some() && !session.needs_token(60)).then_some(())?;
    session.use_basic(&who()).ok()?;
    session.has_authorization().then_some(())
}

/// Windows authentication, up to the challenge.
#[inline(never)]
fn windows(session: &mut Session<'static>) -> Option<()> {
    let asking = begin_windows(session);
    exchange(session, asking, CHALLENGE)?;
    let answer = asking.windows_result(session).ok()?;
    black_box((answer.offered, answer.message, answer.retry_after));
    (answer.verdict == WindowsVerdict::ChallengeReceived && answer.challenge == b"NTL").then_some(())
}

#[inline(never)] // as in a login
fn begin_windows(session: &mut Session<'static>) -> &'static mut Exchange<'static> {
    // SAFETY: the exchange before is over.
    unsafe { EXCHANGE.put(|| session.windows_login(WindowsScheme::Ntlm, b"NTLMSSP")) }
}

static IDENTITY: Static<Site<'static>> = Static::new();
static CLIENT: Static<ClientCredentials<'static>> = Static::new();
static RANDOM: [u8; 48] = [1; 48];

/// What a person approves, and the tokens that come of it.
#[inline(never)]
fn grants(session: &mut Session<'static>) -> Option<()> {
    let site = *session.site();
    let request = AuthorizationRequest::new("client", "http://127.0.0.1/", &RANDOM).with_scope("offline_access");
    black_box(request.verifier());
    static URL: Static<[u8; 512]> = Static::new();
    // SAFETY: it is used here only.
    let url = unsafe { URL.put(|| [0; 512]) };
    // The challenge would be the verifier's SHA-256.
    let len = request.write_url(&site, &[1; 32], url).ok()?;
    let response = request.read_response(url.get_mut(..len)?);
    (response.verdict == AuthorizationVerdict::NoCode).then_some(())?;
    let asking = begin_grant(session, |session, identity, client| {
        Some(session.token_by_code(identity, client, &request, "code"))
    })?;
    exchange(session, asking, TOKENS)?;
    (session.refresh_token() == RefreshToken::Kept).then_some(())?;
    let asking = begin_grant(session, |session, identity, client| session.token_by_refresh(identity, client))?;
    exchange(session, asking, TOKENS)?;
    let asking = begin_grant(session, |session, identity, client| Some(session.discover(identity, client)))?;
    exchange(session, asking, ENDPOINTS)?;
    let found = asking.discovery_result(session).ok()?;
    black_box((found.token_endpoint, found.authorization_endpoint, found.revocation_endpoint));
    (found.verdict == TokenVerdict::Found).then_some(())?;
    let asking = begin_grant(session, |session, _, _| Some(session.oauth_health()))?;
    exchange(session, asking, REVOKED)?;
    let _ = black_box(asking.oauth_health_result(session).ok()?);
    let asking = begin_grant(session, |session, identity, client| session.revoke(identity, client))?;
    exchange(session, asking, REVOKED)?;
    (asking.token_result(session).ok()?.verdict == TokenVerdict::Revoked).then_some(())
}

#[inline(never)] // as in a login
fn begin_grant(
    session: &mut Session<'static>,
    begin: impl FnOnce(
        &mut Session<'static>,
        &'static Site<'static>,
        &'static ClientCredentials<'static>,
    ) -> Option<Exchange<'static>>,
) -> Option<&'static mut Exchange<'static>> {
    let site = *session.site();
    // SAFETY: the exchange before is over.
    unsafe {
        let (identity, client) = (IDENTITY.put(|| site), CLIENT.put(|| ClientCredentials::public("client")));
        let begun = begin(session, identity, client)?;
        Some(EXCHANGE.put(|| begun))
    }
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

/// Asks which runtime the site has; the answer says nothing yet.
fn probe(session: &mut Session<'static>) -> Option<()> {
    let mut probe = RuntimeProbe::new();
    let under_way = begin_call(session, &probe.call());
    exchange(session, under_way, ENDED)?;
    let step = probe.after_answer(&under_way.call_result(session).ok()?);
    matches!(step, ProbeStep::AskLater(_)).then_some(())
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    sign_in(memory).is_some()
}
