//! Lifetimes by a clock that stands at 1970, runs ahead, or is set in the middle: a live ticket stays, a deleted one goes, and
//! nobody waits for years. By the reply's `Date`, and without one.
#![cfg(feature = "lifetimes")]

mod support;

use creatio_auth::{Call, Path, Session};
use proptest::prelude::*;
use support::fixtures::{SUCCESS, with_length};
use support::{Cut, MEMORY, call, call_answer, contacts, login, net};

/// By the site's clock, which is right: 2026-11-22 00:00:00.
const DATE: u64 = 1_795_305_600;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;

/// How long a ticket lives.
const LIFE: u64 = 12 * HOUR;

fn http_date(seconds: u64) -> String {
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}

/// How a reply tells the lifetime of a ticket.
#[derive(Clone, Copy, Debug)]
enum By {
    MaxAge,
    Expires,
}

const BOTH: [By; 2] = [By::MaxAge, By::Expires];

impl By {
    /// The attribute of a cookie that lives so many seconds from this time of the site on.
    fn attribute(self, at: u64, life: i64) -> String {
        match self {
            By::MaxAge => format!("Max-Age={life}"),
            By::Expires => format!("Expires={}", http_date(at.checked_add_signed(life).unwrap())),
        }
    }
}

/// A site with a clock of its own, and a device with another.
struct Device<'m> {
    session: Session<'m>,
    /// The site's time.
    at: u64,
    /// What the device's clock says then; none if it has none.
    clock: Option<u64>,
    /// Whether the site's replies have a `Date`.
    dated: bool,
}

impl<'m> Device<'m> {
    fn new(memory: &'m mut [u8], clock: Option<u64>, dated: bool) -> Self {
        let mut device = Device { session: Session::new(net(), memory), at: DATE, clock, dated };
        device.tell();
        device
    }

    fn tell(&mut self) {
        if let Some(clock) = self.clock {
            self.session.set_time(clock);
        }
    }

    /// Time passes.
    fn wait(&mut self, seconds: u64) {
        self.at += seconds;
        self.clock = self.clock.map(|clock| clock + seconds);
        self.tell();
    }

    /// The clock is set.
    fn set(&mut self, clock: u64) {
        self.clock = Some(clock);
        self.tell();
    }

    fn reply(&self, set_cookie: &str) -> Vec<u8> {
        let (date, field) = (format!("Date: {}", http_date(self.at)), format!("Set-Cookie: {set_cookie}"));
        let lines = ["HTTP/1.1 200 OK", &field, &date];
        with_length(if self.dated { &lines } else { &lines[..2] }, SUCCESS)
    }

    /// Signs in, and gets a ticket that lives so long.
    fn sign_in(&mut self, by: By, life: i64) -> bool {
        let reply = self.reply(&format!(".ASPXAUTH=t; path=/; {}", by.attribute(self.at, life)));
        login(&mut self.session, &reply, Cut::Pieces(9)).is_authenticated()
    }

    /// Makes a call, whose reply sets this cookie.
    fn call(&mut self, set_cookie: &str) {
        let reply = self.reply(set_cookie);
        assert_eq!(call(&mut self.session, &Call::get(contacts()), &reply, Cut::Pieces(9)).result, Ok(()));
    }

    /// Whether the ticket is there, and goes into the next request.
    fn has_ticket(&mut self) -> bool {
        let has_ticket = self.session.has_ticket();
        let mut exchange = self.session.call(&Call::get(contacts()));
        let request = support::pull(&mut self.session, &mut exchange, 64);
        assert_eq!(request.windows(9).any(|window| window == b".ASPXAUTH"), has_ticket);
        has_ticket
    }

    /// Goes through a restart, with nothing but a snapshot.
    fn restart<'n>(self, memory: &'n mut [u8]) -> Device<'n> {
        let mut snapshot = vec![0; self.session.snapshot_len()];
        self.session.write_snapshot(&mut snapshot).unwrap();
        let session = support::restored(net(), memory, &snapshot).unwrap();
        Device { session, at: self.at, clock: self.clock, dated: self.dated }
    }
}

/// Clocks that devices have when the site's says [`DATE`].
const CLOCKS: [u64; 10] = [
    0,
    5,
    DATE - 20 * YEAR,
    DATE - 90 * DAY,
    DATE - 8 * HOUR,
    DATE - 3,
    DATE,
    DATE + 3,
    DATE + 90 * DAY,
    DATE + 9 * YEAR,
];

/// A clock that is a little behind is taken for one that has been set right by these seconds.
fn slack(clock: u64) -> u64 {
    if clock.abs_diff(DATE) > 10 { 0 } else { DATE.saturating_sub(clock) }
}

#[test]
fn a_ticket_lives_its_span_by_any_clock() {
    for (clock, by) in CLOCKS.into_iter().flat_map(|clock| BOTH.map(|by| (clock, by))) {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, Some(clock), true);
        assert!(device.sign_in(by, LIFE as i64), "{clock} {by:?}");
        for _ in 0..LIFE / 600 - 1 {
            device.wait(600);
            assert!(device.has_ticket(), "{clock} {by:?} {}", device.at - DATE);
        }
        device.wait(599);
        assert!(device.has_ticket(), "{clock} {by:?}");
        device.wait(1 + slack(clock));
        assert!(!device.has_ticket(), "{clock} {by:?}");
    }
}

#[test]
fn a_deleted_ticket_goes_by_any_clock_and_without_one() {
    for clock in CLOCKS.map(Some).into_iter().chain([None]) {
        for by in BOTH {
            // With `Expires` in the present, an hour ago, yesterday, and long ago.
            for life in [0, -1, -(HOUR as i64), -(DAY as i64), -(27 * YEAR as i64)] {
                let mut memory = [0; MEMORY];
                let mut device = Device::new(&mut memory, clock, true);
                assert!(device.sign_in(By::MaxAge, LIFE as i64), "{clock:?}");
                device.wait(60);
                device.call(&format!(".ASPXAUTH=x; path=/; {}", by.attribute(device.at, life)));
                assert!(!device.has_ticket(), "{clock:?} {by:?} {life}");
                assert_eq!(device.session.cookies().count(), 0);
                // Nor is one that comes as deleted.
                assert!(!device.sign_in(by, life), "{clock:?} {by:?} {life}");
            }
        }
    }
}

#[test]
fn without_a_clock_a_ticket_lives_as_long_as_the_session() {
    for (by, dated) in BOTH.into_iter().flat_map(|by| [(by, true), (by, false)]) {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, None, dated);
        assert!(device.sign_in(by, LIFE as i64));
        device.wait(LIFE + 1);
        assert!(device.has_ticket(), "{by:?}");
        // A clock that comes later says nothing of it.
        device.set(DATE);
        assert!(device.has_ticket());
        device.wait(YEAR);
        assert!(device.has_ticket());
    }
}

/// Which clocks NTP sets, and how far that moves them.
fn wrong_clocks() -> impl Iterator<Item = u64> {
    CLOCKS.into_iter().filter(|clock| clock.abs_diff(DATE) > 10)
}

#[test]
fn a_clock_that_is_set_right_in_the_middle_keeps_a_live_ticket_and_its_span() {
    for (clock, by) in wrong_clocks().flat_map(|clock| BOTH.map(|by| (clock, by))) {
        // A little before the site's time, and after it.
        for (before, off) in [(0, -2), (0, 0), (HOUR, 0), (HOUR, 2), (3 * HOUR, 0)] {
            let mut memory = [0; MEMORY];
            let mut device = Device::new(&mut memory, Some(clock), true);
            assert!(device.sign_in(by, LIFE as i64));
            device.wait(before);
            device.set(device.at.checked_add_signed(off).unwrap());
            assert!(device.has_ticket(), "{clock} {by:?} {before} {off}");
            // To within the seconds that the clocks differ by.
            device.wait(LIFE - before - 3);
            assert!(device.has_ticket(), "{clock} {by:?} {before} {off}");
            device.wait(6);
            assert!(!device.has_ticket(), "{clock} {by:?} {before} {off}");
            // And so does the next one.
            assert!(device.sign_in(by, LIFE as i64));
            device.wait(LIFE - 3);
            assert!(device.has_ticket(), "{clock} {by:?} {before} {off}");
            device.wait(6);
            assert!(!device.has_ticket(), "{clock} {by:?} {before} {off}");
        }
    }
}

#[test]
fn time_that_passes_while_the_clock_is_set_counts() {
    for clock in wrong_clocks() {
        for (passed, expected) in [(LIFE - 1, true), (LIFE, false)] {
            let mut memory = [0; MEMORY];
            let mut device = Device::new(&mut memory, Some(clock), true);
            assert!(device.sign_in(By::MaxAge, LIFE as i64));
            device.at += passed; // the device sleeps meanwhile
            device.set(device.at);
            // One that was behind by less than it has slept may be taken for right, and one that it is nearer to likewise.
            if clock.abs_diff(DATE) > 2 * LIFE {
                assert_eq!(device.has_ticket(), expected, "{clock} {passed}");
            } else {
                assert!(device.has_ticket() || !expected, "{clock} {passed}");
            }
        }
    }
}

#[test]
fn a_clock_that_is_set_wrong_in_the_middle_keeps_a_live_ticket() {
    for by in BOTH {
        for wrong in [0, 5, DATE - 20 * YEAR, DATE - 90 * DAY, DATE - 8 * HOUR, DATE + 2 * YEAR, DATE + 9 * YEAR] {
            let mut memory = [0; MEMORY];
            let mut device = Device::new(&mut memory, Some(DATE), true);
            assert!(device.sign_in(by, LIFE as i64));
            device.wait(HOUR);
            device.set(wrong);
            assert!(device.has_ticket(), "{by:?} {wrong}");
            device.wait(HOUR);
            assert!(device.has_ticket(), "{by:?} {wrong}");
            // And right again, with and without a reply between.
            device.call("a=b");
            device.wait(HOUR);
            device.set(device.at);
            assert!(device.has_ticket(), "{by:?} {wrong}");
            device.wait(LIFE);
            assert!(!device.has_ticket(), "{by:?} {wrong}");
        }
    }
}

#[test]
fn without_a_date_a_clock_that_is_set_from_1970_or_back_keeps_a_live_ticket() {
    for clock in [0, 5, DATE - 20 * YEAR, DATE + 90 * DAY, DATE + 9 * YEAR] {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, Some(clock), false);
        assert!(device.sign_in(By::MaxAge, LIFE as i64));
        device.wait(HOUR);
        device.set(device.at);
        assert!(device.has_ticket(), "{clock}");
        device.wait(LIFE);
        assert!(!device.has_ticket(), "{clock}");
    }
}

#[test]
fn without_a_date_a_date_before_the_library_deletes_by_any_clock() {
    for clock in CLOCKS.map(Some).into_iter().chain([None]) {
        for past in
            ["Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 12 Oct 1999 00:00:00 GMT", "Sat, 07-May-2022 08:46:12 GMT"]
        {
            let mut memory = [0; MEMORY];
            let mut device = Device::new(&mut memory, clock, false);
            assert!(device.sign_in(By::MaxAge, LIFE as i64));
            device.call(&format!(".ASPXAUTH=x; path=/; Expires={past}"));
            assert!(!device.has_ticket(), "{clock:?} {past}");
            // Where the clock is not ahead, one in the future lives.
            if clock.is_none_or(|clock| clock <= DATE) {
                assert!(device.sign_in(By::Expires, LIFE as i64), "{clock:?}");
            }
        }
    }
}

#[test]
fn what_is_known_of_the_sites_time_serves_a_reply_without_a_date() {
    for clock in CLOCKS {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, Some(clock), true);
        device.call("a=b");
        device.wait(HOUR);
        device.dated = false;
        assert!(device.sign_in(By::Expires, LIFE as i64), "{clock}");
        device.call(&format!(".ASPXAUTH=x; path=/; {}", By::Expires.attribute(device.at, -60)));
        assert!(!device.has_ticket(), "{clock}");
        let expected = Some(30 + slack(clock) as u32);
        assert_eq!(retry_after(&mut device, &http_date(DATE + HOUR + 30)), expected, "{clock}");
    }
}

/// What the answer of a busy site says to this `Retry-After`.
fn retry_after(device: &mut Device<'_>, value: &str) -> Option<u32> {
    let (date, field) = (format!("Date: {}", http_date(device.at)), format!("Retry-After: {value}"));
    let lines = ["HTTP/1.1 503 Busy", &field, &date];
    let reply = with_length(if device.dated { &lines } else { &lines[..2] }, "");
    let mut answers = Cut::all(reply.len())
        .map(|cut| call_answer(&mut device.session, &Call::get(contacts()), &reply, cut).1.unwrap().retry_after)
        .collect::<Vec<_>>();
    answers.dedup();
    assert_eq!(answers.len(), 1);
    answers[0]
}

#[test]
fn nobody_waits_for_years_by_any_clock() {
    for clock in CLOCKS.map(Some).into_iter().chain([None]) {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, clock, true);
        assert_eq!(retry_after(&mut device, "120"), Some(120), "{clock:?}");
        assert_eq!(retry_after(&mut device, &http_date(DATE + 120)), Some(120), "{clock:?}");
        assert_eq!(retry_after(&mut device, &http_date(DATE - 120)), Some(0), "{clock:?}");
        assert_eq!(retry_after(&mut device, &http_date(DATE + 400 * DAY)), Some(400 * DAY as u32), "{clock:?}");
        assert_eq!(retry_after(&mut device, &http_date(DATE + 400 * DAY + 1)), None, "{clock:?}");
        device.dated = false;
        device.wait(5);
        assert_eq!(retry_after(&mut device, "120"), Some(120), "{clock:?}");
    }
    // Where nothing says what the time is but a clock that cannot be right.
    for clock in [None, Some(0), Some(5), Some(DATE - 20 * YEAR)] {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, clock, false);
        assert_eq!(retry_after(&mut device, &http_date(DATE + 120)), None, "{clock:?}");
        assert_eq!(retry_after(&mut device, "120"), Some(120), "{clock:?}");
    }
    for (clock, expected) in [(DATE, 120), (DATE + 100, 20), (DATE + 9 * YEAR, 0)] {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, Some(clock), false);
        assert_eq!(retry_after(&mut device, &http_date(DATE + 120)), Some(expected), "{clock}");
    }
}

#[test]
fn a_snapshot_carries_a_ticket_over_a_restart_whatever_the_clock_says_then() {
    for (clock, by) in CLOCKS.into_iter().flat_map(|clock| BOTH.map(|by| (clock, by))) {
        // After the restart the clock begins in 1970, when the firmware was built, goes on, is right, or is years ahead.
        let after = [Some(20), Some(DATE - 90 * DAY), None, Some(DATE + HOUR), Some(DATE + 9 * YEAR)];
        for after in after {
            let (mut memory, mut other) = ([0; MEMORY], [0; MEMORY]);
            let mut device = Device::new(&mut memory, Some(clock), true);
            assert!(device.sign_in(by, LIFE as i64));
            let mut device = device.restart(&mut other);
            device.wait(HOUR);
            if let Some(after) = after {
                device.set(after);
            }
            assert!(device.has_ticket(), "{clock} {by:?} {after:?}");
            device.wait(60);
            device.set(DATE + HOUR + 60);
            assert!(device.has_ticket(), "{clock} {by:?} {after:?}");
            device.wait(LIFE);
            assert!(!device.has_ticket(), "{clock} {by:?} {after:?}");
        }
    }
}

#[test]
fn a_restart_takes_no_time_and_a_long_one_does() {
    for clock in CLOCKS {
        let (mut memory, mut other) = ([0; MEMORY], [0; MEMORY]);
        let mut device = Device::new(&mut memory, Some(clock), true);
        assert!(device.sign_in(By::MaxAge, LIFE as i64));
        let mut device = device.restart(&mut other);
        assert!(device.has_ticket());
        for _ in 0..12 {
            assert!(device.has_ticket(), "{clock}");
            device.wait(HOUR);
        }
        device.wait(slack(clock));
        assert!(!device.has_ticket(), "{clock}");
    }
}

#[test]
fn a_clock_that_is_set_during_an_exchange_changes_no_request_and_no_lifetime() {
    for clock in CLOCKS {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, Some(clock), true);
        assert!(device.sign_in(By::MaxAge, LIFE as i64));
        let path = Path::site("/odata/Contact").unwrap();
        let mut exchange = device.session.call(&Call::get(path));
        let whole = support::pull(&mut device.session, &mut exchange, MEMORY);
        let mut exchange = device.session.call(&Call::get(path));
        let mut start = [0; 60];
        assert_eq!(exchange.fill(&mut device.session, &mut start), Ok(60));
        device.session.set_time(DATE);
        let rest = support::pull(&mut device.session, &mut exchange, 7);
        assert!([&start[..], &rest].concat() == whole, "{clock}");
        let reply = device.reply(".ASPXAUTH=new; path=/; Max-Age=60");
        assert_eq!(support::feed(&mut device.session, &mut exchange, &reply, Cut::Pieces(7)).result, Ok(()));
        device.set(DATE + 59);
        assert!(device.has_ticket(), "{clock}");
        device.set(DATE + 60);
        assert!(!device.has_ticket(), "{clock}");
    }
}

proptest! {
    /// Whatever the clock says first, and however often it is set right and wrong by more than a ticket lives: as long as the
    /// ticket lives by the site's clock, the session has it.
    #[test]
    fn no_live_ticket_is_lost(
        first in prop::sample::select(&CLOCKS[..]),
        steps in prop::collection::vec((0..HOUR, prop::option::of(prop::sample::select(&CLOCKS[..]))), 1..12),
        by in prop::sample::select(&BOTH[..]),
    ) {
        let mut memory = [0; MEMORY];
        let mut device = Device::new(&mut memory, Some(first), true);
        prop_assert!(device.sign_in(by, LIFE as i64));
        for (wait, set) in steps {
            device.wait(wait);
            device.call("a=b");
            if let Some(clock) = set {
                // But not to a few months ahead, which time would seem to have passed.
                let to = clock + (device.at - DATE);
                if !(device.at + 10..device.at + 400 * DAY).contains(&to) {
                    device.set(to);
                }
            }
            prop_assert!(device.has_ticket());
        }
    }
}
