//! A session outlives a restart as it was, and nothing else passes for one.

mod support;

use creatio_auth::{BufferTooSmall, Call, Fault, MAX_COOKIES, Path, Runtime, Session, Site, SnapshotError};
use proptest::prelude::*;
use support::fixtures::setting;
use support::{
    Cut, MEMORY, authorization, call, contacts, cookie_field, framework, login, net, pull, restored, set_cookies,
    signed_in, snapshot,
};

/// 2026-11-22 00:00:00
const NOW: u64 = 1_795_305_600;

/// One cookie of each kind.
const COOKIES: [&str; 9] = [
    ".ASPXAUTH=TICKETTICKET; path=/; HttpOnly",
    "BPMCSRF=CSRFCSRF; path=/",
    "deep=1; path=/0/odata",
    "secure=s; path=/; Secure",
    "both=s; path=/; Secure; HttpOnly",
    "UserName=83, 117|112; path=/; Max-Age=60",
    "domain=x; path=/; Domain=example.com",
    "empty=; path=/",
    "=nameless; path=/",
];

/// What a snapshot has beside its cookies.
const AROUND: usize = 36;

fn site(url: &str) -> Site<'_> {
    Site::parse(url, Runtime::Net).unwrap()
}

/// A session that knows the time and has a cookie of each kind.
fn full(memory: &mut [u8]) -> Session<'_> {
    let mut session = Session::new(framework(), memory);
    session.set_time(NOW);
    assert!(login(&mut session, &setting(&COOKIES), Cut::Whole).is_authenticated());
    session
}

fn taken(session: &Session<'_>) -> Vec<u8> {
    let mut bytes = vec![0; session.snapshot_len()];
    assert_eq!(session.write_snapshot(&mut bytes), Ok(bytes.len()));
    bytes
}

/// A snapshot of a small session on the .NET site.
fn small() -> Vec<u8> {
    let mut memory = [0; MEMORY];
    taken(&signed_in(net(), &mut memory, &[".ASPXAUTH=TICKETTICKET; path=/"]))
}

fn full_bytes() -> Vec<u8> {
    let mut memory = [0; MEMORY];
    taken(&full(&mut memory))
}

fn refusal(site: Site<'_>, bytes: &[u8]) -> Option<SnapshotError> {
    restored(site, &mut [0; MEMORY], bytes).err()
}

/// CRC-32/ISO-HDLC.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
    (!crc).to_le_bytes()
}

#[test]
fn a_session_comes_back_as_it_was() {
    let mut memory = [0; MEMORY];
    let session = full(&mut memory);
    let bytes = taken(&session);
    let mut other = [0xEE; MEMORY];
    let mut again = restored(framework(), &mut other, &bytes).unwrap();
    assert_eq!(snapshot(&again), snapshot(&session));
    assert_eq!(again.cookies().count(), COOKIES.len());
    assert_eq!((again.has_ticket(), again.has_csrf_token()), (true, true));
    assert_eq!(again.site(), session.site());
    assert_eq!(taken(&again), bytes, "a snapshot of it is the same");
    again.set_time(NOW);
    assert_eq!(snapshot(&again), snapshot(&session));
}

#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn lifetimes_go_on() {
    let bytes = full_bytes();
    for (now, is_sent) in [(NOW, true), (NOW + 59, true), (NOW + 60, false)] {
        let mut memory = [0; MEMORY];
        let mut again = restored(framework(), &mut memory, &bytes).unwrap();
        again.set_time(now);
        assert_eq!(cookie_field(&again, contacts()).contains("UserName=83, 117|112"), is_sent, "{now}");
        again.call(&Call::get(contacts()));
        assert_eq!(again.cookies().count(), COOKIES.len() - usize::from(!is_sent), "{now}");
    }
}

#[test]
fn after_a_restart_cookies_are_replaced_added_and_deleted_as_before_it() {
    let replies: [&[&str]; 4] = [
        &["b=two; path=/"],
        &["d=4; path=/", "a=; path=/; Max-Age=0"],
        &["a=new; path=/", "c=three; path=/"],
        &["deep=x; path=/odata", "b=; path=/; Max-Age=0", "e=5; path=/", "d=four; path=/"],
    ];
    let mut memory = [0; MEMORY];
    let mut unbroken =
        signed_in(net(), &mut memory, &["a=1; path=/", ".ASPXAUTH=t; path=/", "b=2; path=/", "c=3; path=/"]);
    let mut bytes = taken(&unbroken);
    for values in replies {
        let mut memory = [0xEE; MEMORY];
        let mut again = restored(net(), &mut memory, &bytes).unwrap();
        set_cookies(&mut unbroken, contacts(), values);
        set_cookies(&mut again, contacts(), values);
        assert_eq!(snapshot(&again), snapshot(&unbroken), "{values:?}");
        bytes = taken(&again);
        assert_eq!(bytes, taken(&unbroken));
    }
    assert_eq!(cookie_field(&unbroken, contacts()), "deep=x; .ASPXAUTH=t; c=three; d=four; a=new; e=5");
}

#[test]
fn a_restored_session_can_sign_in_anew_and_be_cleared() {
    let mut memory = [0; MEMORY];
    let bytes = small();
    let mut session = restored(net(), &mut memory, &bytes).unwrap();
    assert!(login(&mut session, &setting(&[".ASPXAUTH=new; path=/"]), Cut::Pieces(1)).is_authenticated());
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=new");
    session.clear();
    assert_eq!((session.snapshot_len(), session.cookies().count()), (AROUND, 0));
}

#[test]
fn an_empty_session_has_a_snapshot_too() {
    let mut memory = [0; MEMORY];
    let bytes = taken(&Session::new(net(), &mut memory));
    assert_eq!(bytes.len(), AROUND);
    let again = restored(net(), &mut [], &bytes).unwrap();
    assert_eq!((again.cookies().count(), again.has_ticket()), (0, false));
    assert_eq!(authorization(&again, contacts()), b"ForceUseSession: true\r\n");
}

#[test]
fn a_snapshot_is_as_long_as_it_says_and_what_is_behind_it_is_left_alone() {
    let mut memory = [0; MEMORY];
    let session = full(&mut memory);
    let needed = session.snapshot_len();
    let mut out = vec![0xEE; needed + 9];
    assert_eq!(session.write_snapshot(&mut out), Ok(needed));
    assert_eq!((&out[..needed], &out[needed..]), (&taken(&session)[..], &[0xEE; 9][..]));
    for size in 0..needed {
        let mut out = vec![0xEE; size];
        assert_eq!(session.write_snapshot(&mut out), Err(BufferTooSmall { needed }));
        assert!(out.iter().all(|byte| *byte == 0xEE), "{size}");
    }
}

#[test]
fn the_bytes_are_those_that_the_format_names() {
    let bytes = small();
    let (name, value) = (b".ASPXAUTH=", b"TICKETTICKET");
    let record = [
        &[10, 0, 12, 0, 1, 0, 0, 0][..], // lengths of name, value and path; length of the domain; flags
        &[0; 4],                         // stamp
        &[0xFF; 4],                      // no end
        name,
        value,
        b"/",
    ]
    .concat();
    assert_eq!(bytes[..8], *b"CRAU\x03\0\0\0");
    assert_eq!(bytes[12..16], 1u32.to_le_bytes(), "the stamp of the next cookie");
    assert_eq!(bytes[16..28], [0; 12], "the times");
    assert_eq!(bytes[28..32], (record.len() as u32).to_le_bytes());
    assert_eq!(bytes[32..bytes.len() - 4], record);
    assert_eq!(bytes[bytes.len() - 4..], crc(&bytes[..bytes.len() - 4]));
}

#[test]
#[cfg_attr(not(feature = "ipv6"), ignore)]
fn the_site_is_the_crc_of_its_url() {
    for url in ["https://crm.example.com", "http://h:8080/App", "https://h:444", "http://[::1]"] {
        let bytes = taken(&Session::new(site(url), &mut []));
        assert_eq!(bytes[8..12], crc(url.as_bytes()), "{url}");
    }
}

#[test]
fn a_snapshot_with_any_byte_altered_is_refused() {
    let bytes = small();
    for (at, with) in (0..bytes.len()).flat_map(|at| (1..=255).map(move |with| (at, with))) {
        let mut altered = bytes.clone();
        altered[at] ^= with;
        let expected = if matches!(at, 4 | 6 | 7) { SnapshotError::Version } else { SnapshotError::Altered };
        assert_eq!(refusal(net(), &altered), Some(expected), "{with:#04x} at {at}");
    }
    let bytes = full_bytes();
    for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut altered = bytes.clone();
        altered[at] ^= 1 << bit;
        assert!(refusal(framework(), &altered).is_some(), "bit {bit} at {at}");
    }
}

#[test]
fn a_snapshot_that_is_cut_or_longer_is_refused() {
    let bytes = full_bytes();
    for len in 0..bytes.len() {
        assert_eq!(refusal(framework(), &bytes[..len]), Some(SnapshotError::Altered), "{len}");
        assert_eq!(refusal(framework(), &bytes[len + 1..]), Some(SnapshotError::Altered), "{len}");
    }
    for (more, byte) in (1..30).flat_map(|more| [0, 1, 0xFF].map(|byte| (more, byte))) {
        let longer = [&bytes[..], &vec![byte; more]].concat();
        assert_eq!(refusal(framework(), &longer), Some(SnapshotError::Altered), "{more} of {byte}");
    }
    for longer in [[&bytes[..], &crc(&bytes)].concat(), [&bytes[..], &bytes].concat()] {
        assert_eq!(refusal(framework(), &longer), Some(SnapshotError::Altered), "a good end is not enough");
    }
}

/// A snapshot that was altered and whose last bytes say that it was not.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 4);
    [&bytes[..], &crc(&bytes)].concat()
}

#[test]
fn a_good_sum_is_not_enough() {
    let refused = |alter: fn(&mut Vec<u8>)| {
        let mut bytes = full_bytes();
        alter(&mut bytes);
        refusal(framework(), &summed(bytes))
    };
    let versions: [fn(&mut Vec<u8>); 3] = [|bytes| bytes[4] = 0, |bytes| bytes[4] = 2, |bytes| bytes[7] = 1];
    assert_eq!(versions.map(refused), [Some(SnapshotError::Version); 3]);
    let altered: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes[0] = b'c',
        |bytes| bytes[28] ^= 1,  // the length of the cookies
        |bytes| bytes[32] ^= 1,  // that of a name
        |bytes| bytes[35] = 255, // that of a value
    ];
    assert_eq!(altered.map(refused), [Some(SnapshotError::Altered); 4]);
}

#[test]
fn a_cookie_that_would_end_a_line_of_a_request_is_refused() {
    let at = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).position(|window| window == text).unwrap();
    for (place, byte) in
        [&b"CSRFCSRF"[..], b"BPMCSRF"].into_iter().flat_map(|place| b"\r\n\0\x7f".map(|b| (place, b)))
    {
        let mut bytes = full_bytes();
        let at = at(&bytes, place) + 3;
        bytes[at] = byte;
        assert_eq!(refusal(framework(), &summed(bytes)), Some(SnapshotError::Altered), "{byte:#04x}");
    }
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.use_basic(&support::credentials()).unwrap();
    let mut bytes = taken(&session);
    assert_eq!(refusal(net(), &bytes), None);
    let at = at(&bytes, b"Basic ") + 7;
    bytes[at] = b'\n';
    assert_eq!(refusal(net(), &summed(bytes)), Some(SnapshotError::Altered));
}

#[test]
fn more_cookies_than_there_can_be_are_refused() {
    let bytes = small();
    let record = &bytes[32..bytes.len() - 4];
    for (count, expected) in [(MAX_COOKIES, None), (MAX_COOKIES + 1, Some(SnapshotError::Altered))] {
        let cookies = record.repeat(count);
        let len = (cookies.len() as u32).to_le_bytes();
        assert_eq!(refusal(net(), &summed([&bytes[..28], &len, &cookies, &[0; 4]].concat())), expected, "{count}");
    }
}

#[test]
fn a_snapshot_of_another_site_is_refused() {
    let url = "https://crm.example.com:8443/App";
    let bytes = taken(&Session::new(site(url), &mut []));
    for other in [
        "https://crm.example.org:8443/App",
        "https://crm.example.co:8443/App",
        "https://example.com:8443/App",
        "https://crm.example.com/App",
        "https://crm.example.com:844/App",
        "https://crm.example.com:8444/App",
        "http://crm.example.com:8443/App",
        "https://crm.example.com:8443",
        "https://crm.example.com:8443/app",
        "https://crm.example.com:8443/App/x",
    ] {
        assert_eq!(refusal(site(other), &bytes), Some(SnapshotError::OtherSite), "{other}");
    }
    for same in ["https://CRM.Example.COM:8443/App", "HTTPS://crm.example.com:8443/App/"] {
        assert_eq!(refusal(site(same), &bytes), None, "{same}");
    }
    let bytes = taken(&Session::new(site("http://h:80"), &mut []));
    assert_eq!(refusal(site("http://H/"), &bytes), None);
}

#[test]
fn memory_that_is_too_small_says_how_many_bytes_it_takes() {
    let bytes = full_bytes();
    let needed = bytes.len() - AROUND;
    for size in 0..needed {
        let mut memory = vec![0; size];
        let error = restored(framework(), &mut memory, &bytes).unwrap_err();
        assert_eq!((error, error.fault()), (SnapshotError::MemoryTooSmall { needed }, Fault::Caller));
    }
    let mut memory = vec![0; needed];
    let again = restored(framework(), &mut memory, &bytes).unwrap();
    assert_eq!(taken(&again), bytes);
}

#[test]
fn the_memory_of_a_restored_session_is_wiped() {
    let bytes = full_bytes();
    let mut memory = [0xEE; MEMORY];
    drop(restored(framework(), &mut memory, &bytes).unwrap());
    let is_wiped = |memory: &[u8]| {
        let (cookies, rest) = memory.split_at(bytes.len() - AROUND);
        cookies.iter().all(|byte| *byte == 0) && rest.iter().all(|byte| *byte == 0xEE)
    };
    assert!(is_wiped(&memory));

    let mut memory = [0xEE; MEMORY];
    let mut session = restored(framework(), &mut memory, &bytes).unwrap();
    session.clear();
    std::mem::forget(session); // does not wipe
    assert!(is_wiped(&memory));
}

#[test]
fn nothing_of_a_refused_snapshot_stays_in_memory() {
    let bytes = full_bytes();
    let mut altered = bytes.clone();
    altered[32] ^= 1; // the cookies are no cookies any more, in a snapshot that is whole
    let altered = summed(altered);
    for (site, bytes) in [(framework(), &bytes[..100]), (framework(), &altered), (net(), &bytes)] {
        let mut memory = [0; MEMORY];
        assert!(restored(site, &mut memory, bytes).is_err());
        assert_eq!(memory, [0; MEMORY]);
    }
}

#[test]
fn during_an_exchange_a_snapshot_is_what_the_session_was_before_it() {
    let mut memory = [0; MEMORY];
    let mut session = full(&mut memory);
    let before = taken(&session);
    let ask = Call::get(contacts());
    let mut exchange = session.call(&ask);
    assert_eq!(taken(&session), before);
    pull(&mut session, &mut exchange, 64);
    let reply = setting(&[".ASPXAUTH=new; path=/", "another=x; path=/", "BPMCSRF=; path=/; Max-Age=0"]);
    for byte in &reply[..reply.len() - 1] {
        let _ = exchange.feed(&mut session, &[*byte]).unwrap();
        assert_eq!(taken(&session), before);
    }
    assert!(exchange.feed(&mut session, &reply[reply.len() - 1..]).unwrap().done);
    assert_ne!(taken(&session), before);
}

#[test]
fn a_failed_exchange_does_not_change_the_snapshot() {
    let mut memory = [0; MEMORY];
    let mut session = full(&mut memory);
    let before = taken(&session);
    let outcome = call(&mut session, &Call::get(contacts()), b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\n", Cut::Whole);
    assert!(outcome.result.is_err());
    assert_eq!(taken(&session), before);
}

proptest! {
    #[test]
    fn cookies_of_any_kind_come_back(
        values in prop::collection::vec("[a-c]?=[!-:<-~é]{0,20}(; path=/[a-z/]{0,9})?(; secure)?(; max-age=[0-9]{1,9})?", 0..12),
        now in prop::option::of(0u64..4_000_000_000),
    ) {
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        if let Some(now) = now {
            session.set_time(now);
        }
        set_cookies(&mut session, Path::root("/odata/Contact").unwrap(), &values);
        let bytes = taken(&session);
        let mut other = vec![0xEE; bytes.len() - AROUND];
        let mut again = restored(net(), &mut other, &bytes).unwrap();
        if let Some(now) = now {
            again.set_time(now);
        }
        prop_assert_eq!(snapshot(&again), snapshot(&session));
        prop_assert_eq!(taken(&again), bytes);
    }

    #[test]
    fn bytes_of_any_kind_are_refused_or_harmless(
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        is_summed in any::<bool>(),
    ) {
        let mut bytes = full_bytes();
        for (at, with) in damages {
            let at = at.index(bytes.len());
            bytes[at] = with;
        }
        if is_summed {
            bytes = summed(bytes);
        }
        let mut memory = [0; MEMORY];
        if let Ok(mut session) = restored(framework(), &mut memory, &bytes) {
            snapshot(&session);
            call(&mut session, &Call::get(contacts()), &setting(&COOKIES), Cut::Whole);
            snapshot(&session);
        }
    }
}
