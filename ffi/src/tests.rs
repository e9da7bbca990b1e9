//! What C may do and Rust may not: memory without a first value, contexts that are moved by `memcpy`, texts that are released
//! while an exchange goes on. For Miri (`cargo xtask miri`), which sees what a C compiler and its sanitizers do not.

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;
use core::ptr::{self, null, null_mut};
use std::boxed::Box;
use std::vec::Vec;

use crate::answer::call::*;
use crate::answer::login::*;
use crate::answer::token::*;
use crate::exchange::foreign::*;
use crate::exchange::*;
use crate::probe::*;
use crate::renewal::*;
use crate::request::basic::*;
use crate::request::body::*;
use crate::request::call::*;
use crate::request::field::*;
use crate::request::login::creatio_credentials;
use crate::request::token::creatio_client_credentials;
use crate::session::authorization::*;
use crate::session::cookie::*;
use crate::session::snapshot::*;
use crate::session::*;
use crate::site::identity::*;
use crate::site::path::*;
use crate::site::*;
use crate::text::interface::INTERFACE;
use crate::text::status::creatio_status::*;

// It stands in `lib.rs`, from which no file imports.
unsafe extern "C" {
    fn creatio_wipe(memory: *mut c_void, len: usize);
}

/// Memory of C's, which nobody has written to.
struct Heap<T>(*mut T, usize);

impl<T> Heap<T> {
    fn new(len: usize) -> Self {
        let memory: Box<[MaybeUninit<T>]> = Box::new_uninit_slice(len);
        Heap(Box::into_raw(memory).cast(), len)
    }

    /// One, and where it is.
    fn one() -> Self {
        Self::new(1)
    }

    /// What has been written to the one. The type has no invariants but those of numbers, flags and verdicts.
    fn read(&self) -> T {
        // SAFETY: a function of the library has written it.
        unsafe { self.0.read() }
    }

    /// As `memcpy` does it; what was there before is released.
    fn moved(&mut self) {
        let to = Self::new(self.1);
        // SAFETY: both are as long, and are not the same.
        unsafe { ptr::copy_nonoverlapping(self.0.cast::<MaybeUninit<T>>(), to.0.cast(), self.1) };
        *self = to;
    }
}

impl<T> Drop for Heap<T> {
    fn drop(&mut self) {
        // SAFETY: it was made so, and is released once.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(self.0.cast::<MaybeUninit<T>>(), self.1)) });
    }
}

/// A text of C's, of just its length.
fn text(text: &str) -> Heap<c_char> {
    let copy = Heap::new(text.len());
    // SAFETY: it is as long.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr().cast(), copy.0, text.len()) };
    copy
}

/// What a view shows.
fn seen(start: *const c_char, len: usize) -> Vec<u8> {
    // SAFETY: the library says that there is so much.
    unsafe { core::slice::from_raw_parts(start.cast::<u8>(), len) }.to_vec()
}

/// All zeros, as the header asks for it.
fn zeros<T>() -> T {
    // SAFETY: it is asked for structs of C's alone, for which that is a value.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

/// A session, its site, its memory and an exchange, each moved before each use.
struct Machine {
    site: Heap<creatio_site>,
    session: Heap<creatio_session>,
    exchange: Heap<creatio_exchange>,
    /// Dropped last: it serves the session.
    _memory: Heap<u8>,
    _url: Heap<c_char>,
}

const TICKET: &str = "Set-Cookie: .ASPXAUTH=0A1B2C3D4E5F; path=/\r\nSet-Cookie: BPMCSRF=csrf.; path=/a\r\n";

fn reply(lines: &str, body: &str) -> Vec<u8> {
    std::format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn site_of(url: &Heap<c_char>) -> Heap<creatio_site> {
    let site = Heap::one();
    let runtime = INTERFACE | CREATIO_RUNTIME_NET as u32;
    // SAFETY: all of these are as the header asks for it.
    let status = unsafe { creatio_site_parse_checked(site.0, url.0, url.1, runtime) };
    assert!(status == CREATIO_OK);
    site
}

impl Machine {
    fn new() -> Self {
        let (url, memory, session) = (text("https://crm.creatio.com"), Heap::<u8>::new(512), Heap::one());
        let mut site = site_of(&url);
        site.moved();
        // SAFETY: likewise.
        let status = unsafe { creatio_session_init(session.0, site.0, memory.0.cast(), memory.1) };
        assert!(status == CREATIO_OK);
        Machine { site, session, exchange: Heap::one(), _memory: memory, _url: url }
    }

    fn moved(&mut self) -> (*mut creatio_exchange, *mut creatio_session) {
        self.site.moved();
        self.session.moved();
        self.exchange.moved();
        (self.exchange.0, self.session.0)
    }

    /// The whole request, by a buffer of so many bytes.
    fn fill(&mut self, width: usize) -> Vec<u8> {
        let mut request = Vec::new();
        loop {
            let ((exchange, session), out, len) = (self.moved(), Heap::new(width), Heap::one());
            // SAFETY: likewise.
            let status = unsafe { creatio_exchange_fill(exchange, session, out.0, out.1, len.0) };
            request.extend(seen(out.0.cast(), len.read()));
            if status != CREATIO_MORE {
                assert!(status == CREATIO_OK);
                return request;
            }
        }
    }

    /// A part of the request.
    fn part(&mut self, part: creatio_request_part) -> Vec<u8> {
        let ((exchange, session), len) = (self.moved(), Heap::one());
        // SAFETY: likewise.
        let ask = |out, cap| unsafe { creatio_exchange_request_part(exchange, session, part, out, cap, len.0) };
        let status = ask(null_mut(), 0);
        assert!(status == CREATIO_ERR_BUFFER_TOO_SMALL || status == CREATIO_OK && len.read() == 0);
        let out = Heap::new(len.read() + 1);
        assert!(ask(out.0, out.1) == CREATIO_OK);
        seen(out.0.cast(), len.read())
    }

    /// The reply, in pieces of so many bytes, each released when it was fed; its body.
    fn feed(&mut self, reply: &[u8], width: usize) -> Vec<u8> {
        let mut body = Vec::new();
        for piece in reply.chunks(width) {
            let piece = text(core::str::from_utf8(piece).unwrap());
            let mut at = 0;
            while at < piece.1 {
                let ((exchange, session), fed) = (self.moved(), Heap::<creatio_fed>::one());
                // SAFETY: likewise.
                let status =
                    unsafe { creatio_exchange_feed(exchange, session, piece.0.add(at).cast(), piece.1 - at, fed.0) };
                assert!(status == CREATIO_MORE || status == CREATIO_OK);
                let fed = fed.read();
                if !fed.body.is_null() {
                    body.extend(seen(fed.body.cast(), fed.body_len));
                }
                at += fed.consumed;
            }
        }
        assert!(self.is_done());
        body
    }

    fn is_done(&mut self) -> bool {
        // SAFETY: likewise.
        matches!(unsafe { creatio_exchange_state(self.moved().0) }, creatio_state::CREATIO_STATE_DONE)
    }

    fn login(&mut self) {
        let (name, password) = (text("Supervisor"), text("pass\"word"));
        let mut who: creatio_credentials = zeros();
        (who.user_name, who.user_name_len) = (name.0, name.1);
        (who.password, who.password_len) = (password.0, password.1);
        let (exchange, session) = self.moved();
        // SAFETY: likewise.
        assert!(unsafe { creatio_session_login(session, &who, exchange) } == CREATIO_OK);
        let request = self.fill(7);
        assert!(request.ends_with(b"{\"UserName\":\"Supervisor\",\"UserPassword\":\"pass\\\"word\"}"));
        drop((name, password));
        self.feed(&reply(TICKET, "{\"Code\":0,\"Message\":\"Hi\"}"), 40);
        let ((exchange, session), login) = (self.moved(), Heap::<creatio_login>::one());
        // SAFETY: likewise.
        assert!(unsafe { creatio_exchange_login_result(exchange, session, login.0) } == CREATIO_OK);
        let login = login.read();
        assert!(login.authenticated && seen(login.message.text, login.message.len) == b"Hi");
    }

    /// The verdict of the call, whose texts are gone.
    fn answer(&mut self) -> creatio_answer {
        let ((exchange, session), answer) = (self.moved(), Heap::one());
        // SAFETY: likewise.
        assert!(unsafe { creatio_exchange_call_result(exchange, session, answer.0) } == CREATIO_OK);
        answer.read()
    }

    /// A field that was kept.
    fn field(&mut self, field: creatio_reply_field) -> Option<Vec<u8>> {
        let ((exchange, session), start, len) = (self.moved(), Heap::one(), Heap::one());
        // SAFETY: likewise.
        match unsafe { creatio_exchange_field(exchange, session, field, start.0, len.0) } {
            CREATIO_OK => Some(seen(start.read(), len.read())),
            _ => None,
        }
    }
}

/// A call with everything that a call may have, and its texts.
struct CallTexts {
    call: creatio_call,
    /// Those that may go when the request has been taken.
    sent: Vec<Heap<c_char>>,
    /// The path, and the name of the wanted field.
    kept: Vec<Heap<c_char>>,
}

fn call() -> CallTexts {
    let (path, wanted) = (text("/odata/Contact"), text("ETag"));
    let (accept, lines) = (text("text/plain, */*"), text("Prefer: return=minimal\r\n"));
    let (body, kind) = (text("{\"Name\":\"Ann\"}"), text("application/json"));
    let mut call: creatio_call = zeros();
    call.method = CREATIO_METHOD_POST;
    (call.path, call.path_len) = (path.0, path.1);
    (call.accept, call.accept_len) = (accept.0, accept.1);
    (call.field_lines, call.field_lines_len) = (lines.0, lines.1);
    (call.wanted_field, call.wanted_field_len) = (wanted.0, wanted.1);
    (call.body, call.body_len) = (body.0.cast(), body.1);
    (call.content_type, call.content_type_len) = (kind.0, kind.1);
    CallTexts { call, sent: Vec::from([accept, lines, body, kind]), kept: Vec::from([path, wanted]) }
}

#[test]
fn memory_without_a_first_value_serves_contexts_buffers_and_outputs() {
    let mut machine = Machine::new();
    machine.login();
    let (exchange, session) = machine.moved();
    // SAFETY: all of these are as the header asks for it.
    unsafe {
        let (start, len, seconds) = (Heap::one(), Heap::one(), Heap::<u32>::one());
        assert!(creatio_site_host(machine.site.0, start.0, len.0) == CREATIO_OK);
        assert_eq!(seen(start.read(), len.read()), b"crm.creatio.com");
        let out = Heap::<u8>::new(64);
        assert!(creatio_site_identity_hint(machine.site.0, out.0.cast(), out.1, len.0) == CREATIO_OK);
        assert_eq!(seen(out.0.cast(), len.read()), b"https://crm-is.creatio.com");
        let out = Heap::<u8>::new(64);
        assert!(creatio_encode_query(c"ö".as_ptr(), 2, out.0.cast(), out.1, len.0) == CREATIO_OK);
        assert_eq!(seen(out.0.cast(), len.read()), b"%C3%B6");
        let out = Heap::<u8>::new(64);
        assert!(creatio_encode_json(c"\"".as_ptr(), 1, out.0.cast(), out.1, len.0) == CREATIO_OK);
        assert_eq!(seen(out.0.cast(), len.read()), b"\\\"");
        let url = text("https://crm.creatio.com/odata/Contact?$skip=3");
        assert!(creatio_site_path_of(machine.site.0, url.0, url.1, start.0, len.0) == CREATIO_OK);
        assert_eq!(seen(start.read(), len.read()), b"/odata/Contact?$skip=3");
        assert!(creatio_session_sign_in_delay(session, seconds.0) && seconds.read() == 0);
        assert!(creatio_exchange_failed_field(exchange, start.0, len.0) == CREATIO_END);

        let cookie = Heap::<creatio_cookie>::one();
        assert!(creatio_session_cookie(session, 1, cookie.0) == CREATIO_OK);
        assert_eq!(seen(cookie.read().path, cookie.read().path_len), b"/a");

        let (mut ping, out) = (creatio_call_ping(), Heap::<u8>::new(256));
        ping.at_root = true;
        assert!(creatio_session_authorization_lines(session, &ping, out.0.cast(), out.1, len.0) == CREATIO_OK);
        assert!(seen(out.0.cast(), len.read()).starts_with(b"ForceUseSession: true\r\nCookie: .ASPXAUTH="));

        let out = Heap::<u8>::new(creatio_session_snapshot_len(session) + 9);
        assert!(creatio_session_snapshot(session, out.0.cast(), out.1, len.0) == CREATIO_OK);
        let (other, memory) = (Heap::<creatio_session>::one(), Heap::<u8>::new(512));
        assert!(creatio_session_init(other.0, machine.site.0, memory.0.cast(), memory.1) == CREATIO_OK);
        let status = creatio_session_restore(other.0, out.0.cast(), len.read());
        assert!(status == CREATIO_OK && creatio_session_has_ticket(other.0));
        creatio_wipe(out.0.cast(), out.1);
        assert_eq!(seen(out.0.cast(), out.1), std::vec![0; out.1]);

        let who: creatio_credentials = zeros();
        assert!(creatio_session_use_basic(other.0, &who) == CREATIO_OK && creatio_session_has_authorization(other.0));
        assert!(creatio_session_set_user_agent(other.0, null(), 0) == CREATIO_OK);
        creatio_session_clear(other.0);
    }
}

#[test]
fn a_piece_of_a_body_lies_in_the_input_and_a_field_is_kept_while_it_comes() {
    let mut machine = Machine::new();
    let call = call();
    let (exchange, session) = machine.moved();
    // SAFETY: likewise.
    assert!(unsafe { creatio_session_call(session, &call.call, exchange) } == CREATIO_OK);
    let all = call.call.body_len + machine.fill(1000).len();
    assert!(all > 200);
    let body = machine.feed(&reply("ETag: \"7\"\r\nLocation: /x\r\n", "{\"value\":[]}"), 5);
    assert_eq!(body, b"{\"value\":[]}");
    assert_eq!(machine.field(CREATIO_REPLY_WANTED_FIELD).as_deref(), Some(&b"\"7\""[..]));
    assert_eq!(machine.field(CREATIO_REPLY_LOCATION).as_deref(), Some(&b"/x"[..]));
    assert_eq!(machine.field(CREATIO_REPLY_CONTENT_TYPE), None);
}

#[test]
fn a_call_does_without_its_texts_when_the_header_says_so() {
    let mut machine = Machine::new();
    machine.login();
    let CallTexts { call, sent, kept } = call();
    let (exchange, session) = machine.moved();
    // SAFETY: likewise.
    assert!(unsafe { creatio_session_call(session, &call, exchange) } == CREATIO_OK);
    machine.fill(100);
    drop(sent);
    machine.feed(&reply("Set-Cookie: a=b\r\nETag: \"7\"\r\n", "<html>NuiLogin.aspx"), 9);
    drop(kept);
    assert!(machine.answer().session_ended);
    assert_eq!(machine.field(CREATIO_REPLY_WANTED_FIELD).as_deref(), Some(&b"\"7\""[..]));
    let renewal = Heap::one();
    // SAFETY: likewise.
    unsafe {
        let ping = creatio_call_ping();
        assert!(creatio_renewal_init(renewal.0, &ping, false) == CREATIO_OK);
        let (exchange, session) = machine.moved();
        assert!(
            creatio_renewal_after_answer(renewal.0, exchange, session) as i32
                == creatio_renewal_step::CREATIO_RENEWAL_SIGN_IN as i32
        );
        assert!(!creatio_exchange_may_be_sent_again(exchange) && creatio_exchange_keeps_alive(exchange));
        assert!(creatio_session_end(session, exchange) == CREATIO_OK);
    }
    machine.login();
}

#[test]
fn another_client_may_release_the_texts_as_well() {
    let mut machine = Machine::new();
    machine.login();
    let CallTexts { call, sent, kept } = call();
    let (exchange, session) = machine.moved();
    // SAFETY: likewise.
    assert!(unsafe { creatio_session_call(session, &call, exchange) } == CREATIO_OK);
    assert_eq!(machine.part(CREATIO_REQUEST_METHOD), b"POST");
    assert_eq!(machine.part(CREATIO_REQUEST_TARGET), b"/odata/Contact");
    assert!(machine.part(CREATIO_REQUEST_FIELDS).starts_with(b"User-Agent: "));
    assert_eq!(machine.part(CREATIO_REQUEST_BODY), b"{\"Name\":\"Ann\"}");
    drop(sent);
    for (name, value) in [("set-cookie", "a=b\r\n"), ("etag", " \"7\"")] {
        let (name, value, (exchange, session)) = (text(name), text(value), machine.moved());
        // SAFETY: likewise.
        let status = unsafe { creatio_exchange_feed_field(exchange, session, name.0, name.1, value.0, value.1) };
        assert!(status == CREATIO_OK);
    }
    let (exchange, session) = machine.moved();
    // SAFETY: likewise.
    unsafe {
        assert!(creatio_exchange_end_head(exchange, session, 404) == CREATIO_MORE);
        assert!(creatio_exchange_close(exchange, session) == CREATIO_OK);
    }
    drop(kept);
    assert!(
        machine.answer().verdict as i32 == creatio_call_verdict::CREATIO_CALL_WRONG_PREFIX as i32
            || machine.answer().http_status == 404
    );
    assert_eq!(machine.field(CREATIO_REPLY_WANTED_FIELD).as_deref(), Some(&b"\"7\""[..]));
}

#[test]
fn a_token_and_a_probe_do_without_theirs() {
    let mut machine = Machine::new();
    let (url, id, secret) = (text("https://crm-is.creatio.com"), text("3D2C"), text("B0A1"));
    let (path, lines) = (text("/connect/other"), text("X-Key: k\r\n"));
    let mut client: creatio_client_credentials = zeros();
    (client.id, client.id_len) = (id.0, id.1);
    (client.secret, client.secret_len) = (secret.0, secret.1);
    (client.path, client.path_len) = (path.0, path.1);
    (client.field_lines, client.field_lines_len) = (lines.0, lines.1);
    let identity = site_of(&url);
    let (exchange, session) = machine.moved();
    // SAFETY: likewise.
    assert!(unsafe { creatio_session_token(session, identity.0, &client, exchange) } == CREATIO_OK);
    drop(identity);
    assert!(machine.fill(33).starts_with(b"POST /connect/other"));
    drop((url, id, secret, path, lines));
    machine.feed(&reply("", "{\"access_token\":\"eyJ\",\"token_type\":\"Bearer\"}"), 8);
    let ((exchange, session), token) = (machine.moved(), Heap::<creatio_token>::one());
    // SAFETY: likewise.
    unsafe {
        assert!(creatio_exchange_token_result(exchange, session, token.0) == CREATIO_OK && token.read().granted);
        assert!(creatio_exchange_is_signed_in(exchange, session));

        let mut probe = Heap::<creatio_runtime_probe>::one();
        assert!(creatio_runtime_probe_init(probe.0) == CREATIO_OK);
        probe.moved();
        let call = creatio_runtime_probe_call(probe.0);
        assert!(creatio_session_call(session, &call, exchange) == CREATIO_OK);
        machine.fill(50);
        machine.feed(&reply("", "pong"), 3);
        let (exchange, session) = machine.moved();
        let step = creatio_runtime_probe_after_answer(probe.0, exchange, session);
        assert!(step as i32 == creatio_probe_step::CREATIO_PROBE_FOUND_NET_FRAMEWORK as i32);
    }
}
