//! Every reply comes to the same, however it is cut into pieces.

mod support;

use creatio_auth::{Call, Malformed, ReplyError, Runtime, Session, Site, Verdict};
use proptest::prelude::*;
use support::fixtures::{self, Fixture, SUCCESS, chunked, raw, with_length};
use support::{Cut, MEMORY, Outcome, contacts, cookie_field, framework, login, net, pull, snapshot};

/// Feeds a fixture in every cut and looks at everything that came of it.
fn comes_to_the_same_in_every_cut(fixtures: Vec<Fixture>) {
    for fixture in fixtures {
        let next_reply: &[u8] =
            if fixture.until_close { b"" } else { b"HTTP/1.1 400 Next\r\nSet-Cookie: next=x\r\n" };
        let stream = [&fixture.reply, next_reply].concat();
        for cut in Cut::all(fixture.reply.len() + 1) {
            let mut memory = [0; MEMORY];
            let mut session = fixture.session(&mut memory);
            let outcome = fixture.exchange(&mut session, &stream, cut);
            assert_eq!(outcome, fixture.outcome(), "{}, {cut:?}", fixture.name);

            let mut next = session.call(&Call::get(contacts()));
            let request = pull(&mut session, &mut next, MEMORY);
            let cookies = support::field(&request, "Cookie").unwrap_or_default();
            assert_eq!(cookies.escape_ascii().to_string(), fixture.cookies, "{}, {cut:?}", fixture.name);
        }
    }
}

//= 9112-6.1-chunked, 9112-7.1.2-no-merge
#[test]
fn logins_in_every_framing_and_cut() {
    comes_to_the_same_in_every_cut(fixtures::logins_by_framing());
}

#[test]
fn documents_in_every_cut() {
    comes_to_the_same_in_every_cut(fixtures::logins_by_document());
}

#[test]
fn refusals_in_every_cut() {
    comes_to_the_same_in_every_cut(fixtures::refused_logins());
}

//= 9110-6-request-known
#[test]
fn calls_in_every_cut() {
    comes_to_the_same_in_every_cut(fixtures::calls());
}

#[test]
fn tickets_of_the_sizes_seen_come_through_in_pieces_of_many_sizes() {
    for (size, cut) in [712, 1000, 2048]
        .into_iter()
        .flat_map(|size| [1, 2, 3, 7, 64, 256, 536, 1460].map(|piece| (size, Cut::Pieces(piece))))
    {
        let ticket = "9F".repeat(size / 2);
        let mut memory = [0; MEMORY];
        let mut session = Session::new(framework(), &mut memory);
        let reply = fixtures::setting(&[&format!(".ASPXAUTH={ticket}; path=/CreatioWebApp; HttpOnly")]);
        assert!(login(&mut session, &reply, cut).is_authenticated());
        assert_eq!(cookie_field(&session, contacts()), format!(".ASPXAUTH={ticket}"));
    }
}

/// Whether a reply that was cut off is complete all the same, as far as its text goes.
fn is_complete_document(fixture: &Fixture, cut_off: &[u8]) -> bool {
    let Some(body) = cut_off.windows(4).position(|w| w == b"\r\n\r\n").map(|at| &cut_off[at + 4..]) else {
        return false;
    };
    let is_page = fixture.answer.as_ref().is_some_and(|answer| !answer.is_authenticated()) && !body.is_empty();
    fixture.until_close
        && (is_page || fixture.answer.is_none() || serde_json::from_slice::<serde_json::Value>(body).is_ok())
}

//= 9112-6.3-incomplete, 9112-8-incomplete
#[test]
fn a_reply_cut_off_anywhere_is_closed_early_and_changes_nothing() {
    for fixture in fixtures::all() {
        for len in 0..fixture.reply.len() {
            let cut_off = &fixture.reply[..len];
            let mut memory = [0; MEMORY];
            let mut session = fixture.session(&mut memory);
            let before = snapshot(&session);
            let outcome = fixture.exchange(&mut session, cut_off, Cut::Whole);
            let told = format!("{} cut off at {len}: {outcome:?}", fixture.name);
            if is_complete_document(&fixture, cut_off) {
                assert_eq!(outcome.result, Ok(()), "{told}");
            } else {
                assert!(outcome.result.is_err() && !outcome.is_authenticated() && !outcome.keeps_alive, "{told}");
                assert_eq!(snapshot(&session), before, "{told}");
            }
            if !fixture.until_close {
                assert_eq!(outcome.result, Err(ReplyError::ClosedEarly), "{told}");
            }
        }
    }
}

#[test]
fn a_reply_with_any_byte_changed_changes_the_session_as_a_whole_or_not_at_all() {
    let chosen = ["framework, with a length", "chunked, with extensions and trailers", "the session has ended"];
    for fixture in fixtures::all().iter().filter(|fixture| chosen.contains(&fixture.name)) {
        for (at, with) in (0..fixture.reply.len()).flat_map(|at| b"\0\r\n 0;=\x7F\xFF".map(|with| (at, with))) {
            let mut damaged = fixture.reply.clone();
            damaged[at] = with;
            let mut memory = [0; MEMORY];
            let mut session = fixture.session(&mut memory);
            let before = snapshot(&session);
            let Outcome { result, consumed, keeps_alive, .. } = fixture.exchange(&mut session, &damaged, Cut::Whole);
            let told = format!("{} with {with:#04x} at {at}: {result:?}", fixture.name);
            if result.is_err() {
                assert!(!keeps_alive, "{told}");
                assert_eq!(snapshot(&session), before, "{told}");
            }
            assert!(consumed <= damaged.len(), "{told}");
            let paths = session.cookies().map(|cookie| cookie.path()).all(|path| path.starts_with(b"/"));
            assert!(paths, "{told}");
        }
    }
}

#[test]
fn a_damaged_reply_never_brings_a_cookie_of_another_site() {
    let site = Site::parse("https://a.example.com", Runtime::Net).unwrap();
    let reply = fixtures::setting(&["stranger=x; Domain=b.example.com; Path=/", ".ASPXAUTH=t; Domain=a.example.com"]);
    let domain = reply.windows(13).position(|w| w == b"b.example.com").unwrap();
    for (at, with) in (domain..domain + 13).flat_map(|at| b"\0\r\n. 0-\xFF".map(|with| (at, with))) {
        let mut damaged = reply.clone();
        damaged[at] = with;
        let mut memory = [0; MEMORY];
        let mut session = Session::new(site, &mut memory);
        let outcome = login(&mut session, &damaged, Cut::Whole);
        let stranger = session.cookies().any(|cookie| cookie.name() == b"stranger");
        let domain = String::from_utf8_lossy(&damaged[domain..domain + 13]).trim().to_owned();
        // A dot in front means nothing, so this one is the host's own parent.
        assert_eq!(stranger, domain == ".example.com" && outcome.result.is_ok(), "{domain:?}: {outcome:?}");
    }
}

#[test]
fn the_call_after_a_login_carries_the_cookies_of_both_replies() {
    let mut memory = [0; MEMORY];
    let mut session =
        support::signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/CreatioWebApp", "BPMCSRF=c"]);
    // BPMCSRF without a path goes only to the directory of the login.
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=t");
    support::set_cookies(&mut session, contacts(), &["BPMSESSIONID=s; path=/CreatioWebApp; HttpOnly"]);
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=t; BPMSESSIONID=s");
}

//= 9112-6.3-extra-data
#[test]
fn after_the_end_of_a_reply_the_next_one_is_left_to_the_caller() {
    let reply = [with_length(&["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=t"], SUCCESS), b"HTTP/1.1 500 X".to_vec()];
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let credentials = support::credentials();
    let mut exchange = session.login(&credentials);
    pull(&mut session, &mut exchange, 64);
    let stream = reply.concat();
    let fed = exchange.feed(&mut session, &stream).unwrap();
    assert_eq!((fed.consumed, fed.done, fed.body), (reply[0].len(), true, &b""[..]));
}

#[test]
fn a_body_is_handed_out_as_it_lies_in_the_input() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.call(&Call::get(contacts()));
    pull(&mut session, &mut exchange, 64);
    let stream = chunked(&["HTTP/1.1 200 OK"], "onetwothree", &[3, 3]);
    let (mut rest, mut pieces) = (&stream[..], Vec::new());
    while !rest.is_empty() {
        let fed = exchange.feed(&mut session, rest).unwrap();
        pieces.push(fed.body);
        rest = &rest[fed.consumed..];
    }
    assert_eq!(pieces, [&b"one"[..], b"two", b"three", b""]);
}

#[test]
fn the_status_is_known_with_the_head_and_not_before() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.call(&Call::get(contacts()));
    pull(&mut session, &mut exchange, 64);
    let reply = [raw(&["HTTP/1.1 103 Hints"], ""), with_length(&["HTTP/1.1 404 Not Found"], "x")].concat();
    for byte in &reply[..reply.len() - 1] {
        assert_eq!(exchange.http_status(), None);
        let _ = exchange.feed(&mut session, &[*byte]).unwrap();
    }
    assert_eq!(exchange.http_status(), Some(404));
}

#[test]
fn a_failed_reply_leaves_the_session_to_the_next_exchange() {
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
    let bad = raw(&["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=new; path=/", "no colon"], "");
    let outcome = login(&mut session, &bad, Cut::Whole);
    assert_eq!(outcome.result, Err(ReplyError::Malformed(Malformed::FieldName)));
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=old");
    let good = fixtures::setting(&[".ASPXAUTH=new; path=/"]);
    assert_eq!(login(&mut session, &good, Cut::Whole).verdict(), Some(Verdict::Authenticated));
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=new");
}

/// What may happen to a byte of a reply.
#[derive(Clone, Debug)]
enum Damage {
    Replace(u8),
    Insert(u8),
    Remove,
}

proptest! {
    //= 9110-2.3-defensive
    #[test]
    fn damaged_replies_come_to_the_same_in_every_cut_and_any_memory(
        fixture in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), damage()), 0..4),
        memory_len in prop_oneof![1 => 0usize..600, 3 => Just(MEMORY)],
        piece in 1usize..40,
    ) {
        let fixtures = fixtures::all();
        let fixture = fixture.get(&fixtures);
        let mut reply = fixture.reply.clone();
        for (at, damage) in damages {
            let at = at.index(reply.len());
            match damage {
                Damage::Replace(with) => reply[at] = with,
                Damage::Insert(byte) => reply.insert(at, byte),
                Damage::Remove => _ = reply.remove(at),
            }
        }
        let [whole, pieces] = [Cut::Whole, Cut::Pieces(piece)].map(|cut| {
            let mut memory = vec![0; memory_len];
            let mut session = Session::new(fixture.site, &mut memory);
            let before = snapshot(&session);
            let outcome = fixture.exchange(&mut session, &reply, cut);
            let after = snapshot(&session);
            assert!(outcome.result.is_ok() || before == after, "{outcome:?}");
            // How much of a reply had been taken before it failed depends on where it was cut.
            (outcome.result, outcome.answer, outcome.http_status, outcome.keeps_alive, after)
        });
        prop_assert_eq!(whole, pieces);
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = || prop_oneof![any::<u8>(), prop::sample::select(&b"\r\n\0 \t;:=,{}\"\\09"[..])];
    prop_oneof![byte().prop_map(Damage::Replace), byte().prop_map(Damage::Insert), Just(Damage::Remove)]
}
