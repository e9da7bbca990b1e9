//! What has become of sign-ins, so that no password goes out again by itself that was refused.

/// How many seconds to wait before the next sign-in, by how many there were whose outcome nobody knows. After so many of
/// these there is no other.
const DELAYS: [u32; 3] = [0, 30, 300];

/// What has become of the sign-ins of a session: since the last good one, or since the caller has allowed others.
#[derive(Clone, Copy)]
pub(crate) struct Attempts {
    /// How many there were whose outcome nobody knows; from [`REFUSED`] on, where the next would come to the same, with the number of
    /// the verdict about that one.
    past: u8,
    /// How many seconds have passed since the last one, as far as is known.
    waited: u16,
    /// What has become of calls since a sign-in that a renewal had asked for.
    renewed: Renewed,
}

const REFUSED: u8 = 128;

/// What is added to the number of a verdict about Windows authentication, and to that of one about a token, so that it is no other
/// verdict's.
pub(crate) const WINDOWS: u8 = 32;
pub(crate) const TOKEN: u8 = 64;

/// Whether it is the number of a verdict that lets in.
pub(crate) const fn is_good(verdict: u8) -> bool {
    const GRANTED: u8 = TOKEN + 1;
    matches!(verdict, 1 | 2 | GRANTED)
}

/// What has become of calls since a sign-in that a renewal had asked for. From [`Rejected`](Renewed::Rejected) on the cookies are in
/// doubt, and the next sign-in begins without any.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Renewed {
    /// One was answered well, or there was no such sign-in.
    Well,
    /// None was made yet.
    Unknown,
    /// The first has been made.
    Made,
    /// Another was made, since the first was answered by nobody who knows the session, or not at all.
    MadeAgain,
    /// The first was answered with 401 all the same.
    Rejected,
    /// One was sent to the login page all the same, and another, which is not renewed for that.
    InVain,
    InVainTwice,
    /// The next call is renewed again; or a sign-in may have brought more cookies than the site takes.
    Doubtful,
}

/// What a sign-in has come to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    SignedIn,
    /// It would be the same again.
    Refused,
    /// Nobody has judged the password.
    NotJudged,
    /// The same, perhaps for the cookies that went along.
    CookiesRefused,
    /// Nobody knows, as where the connection was cut.
    Unknown,
}

impl Attempts {
    pub(crate) const NONE: Self = Attempts::of_past(0);

    /// As they stand in a snapshot, whose delay begins anew.
    pub(super) const fn of_past(past: u8) -> Self {
        Attempts { past, waited: 0, renewed: Renewed::Well }
    }

    pub(super) fn past(self) -> u8 {
        self.past
    }

    /// The number of the verdict by which one was refused, 0 where it had none; none where none was refused.
    pub(crate) fn refusal(self) -> Option<u8> {
        self.past.checked_sub(REFUSED)
    }

    /// A sign-in goes out. Until more is known of it, its outcome is unknown.
    pub(crate) fn begin(&mut self) {
        if self.past < REFUSED {
            self.past = self.past.saturating_add(1);
        }
        self.waited = 0;
    }

    /// What has become of the sign-in that has gone out, and the number of the verdict about it, or 0.
    pub(crate) fn end(&mut self, outcome: Outcome, verdict: u8) {
        if outcome == Outcome::CookiesRefused {
            self.renewed = Renewed::Doubtful;
        }
        match outcome {
            Outcome::SignedIn => *self = Attempts::NONE,
            Outcome::Refused => self.past = REFUSED | verdict,
            Outcome::Unknown => {}
            _ if self.past >= REFUSED => {}
            _ => self.past = self.past.saturating_sub(1),
        }
    }

    /// After how many seconds the next may be; none where it may not.
    pub(crate) fn delay(self) -> Option<u32> {
        let delay = DELAYS.get(usize::from(self.past))?;
        Some(delay.saturating_sub(self.waited.into()))
    }

    /// So many seconds have passed.
    pub(crate) fn wait(&mut self, seconds: u32) {
        self.waited = self.waited.saturating_add(u16::try_from(seconds).unwrap_or(u16::MAX));
    }

    /// A renewal has signed in, for a call that is made again or not.
    pub(crate) fn renew(&mut self, is_made_again: bool) {
        self.renewed = if is_made_again { Renewed::Unknown } else { Renewed::InVain };
    }

    /// A call was answered well.
    pub(crate) fn answered_well(&mut self) {
        self.renewed = Renewed::Well;
    }

    /// Whether a renewal has signed in and no call was answered well since.
    pub(crate) fn is_renewed_in_vain(self) -> bool {
        !matches!(self.renewed, Renewed::Well | Renewed::Doubtful)
    }

    /// A call is answered with 401 though a renewal has signed in: the first one so says what others will.
    pub(crate) fn rejected(&mut self) {
        if self.renewed == Renewed::Made {
            self.renewed = Renewed::Rejected;
        }
    }

    /// A call that comes after a renewal is answered with 401, or sent to the login page: a site that starts, unlike one that says
    /// 401 to everything, lets the session in some time. So does one whose 401 comes later, to a session that has ended anew.
    pub(crate) fn in_vain(&mut self, is_401: bool) {
        self.renewed = match self.renewed {
            Renewed::Rejected if is_401 => Renewed::Rejected,
            Renewed::InVain | Renewed::InVainTwice => Renewed::InVainTwice,
            _ => Renewed::InVain,
        };
    }

    /// A call begins: one in so many is renewed again.
    pub(crate) fn begin_call(&mut self) {
        self.renewed = match self.renewed {
            Renewed::Unknown => Renewed::Made,
            Renewed::Made => Renewed::MadeAgain,
            Renewed::InVainTwice => Renewed::Doubtful,
            renewed => renewed,
        };
    }

    /// Whether the next sign-in begins without cookies.
    pub(crate) fn has_doubts(self) -> bool {
        self.renewed >= Renewed::Rejected
    }

    /// The same of one that begins; the one after it keeps what this one brings.
    pub(crate) fn take_doubts(&mut self) -> bool {
        let has_doubts = self.has_doubts();
        if has_doubts {
            self.renewed = Renewed::Well;
        }
        has_doubts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(outcomes: &[Outcome]) -> Option<u32> {
        let mut attempts = Attempts::NONE;
        for outcome in outcomes {
            attempts.begin();
            attempts.end(*outcome, 0);
        }
        attempts.delay()
    }

    #[test]
    fn what_was_refused_is_not_tried_again() {
        use Outcome::*;
        assert_eq!(after(&[Refused]), None);
        for later in [Refused, NotJudged, Unknown] {
            assert_eq!(after(&[Refused, later]), None);
        }
        assert_eq!(after(&[Refused, SignedIn]), Some(0), "the caller's own");
    }

    #[test]
    fn a_refusal_is_told_by_the_same_number_whatever_comes_after_it() {
        use Outcome::*;
        for verdict in [0, 4] {
            let mut attempts = Attempts::NONE;
            for outcome in [Refused, NotJudged, CookiesRefused, Unknown, Refused, NotJudged] {
                attempts.begin();
                attempts.end(outcome, verdict);
                assert_eq!(attempts.refusal(), Some(verdict));
            }
        }
    }

    #[test]
    fn what_nobody_knows_is_tried_again_so_often_with_delays_that_grow() {
        use Outcome::*;
        assert_eq!(after(&[]), Some(0));
        assert_eq!(after(&[Unknown]), Some(30));
        assert_eq!(after(&[Unknown, NotJudged, NotJudged]), Some(30), "a busy site does not count");
        assert_eq!(after(&[Unknown, Unknown]), Some(300));
        assert_eq!(after(&[Unknown; 3]), None);
        assert_eq!(after(&[Unknown; 300]), None, "however often the caller tries");
        assert_eq!(after(&[Unknown, Unknown, SignedIn]), Some(0));
    }

    #[test]
    fn a_count_that_overflows_is_that_of_a_refusal() {
        let mut attempts = Attempts::of_past(REFUSED - 1);
        attempts.begin();
        assert_eq!((attempts.past(), attempts.delay()), (REFUSED, None));
    }

    #[test]
    fn a_delay_is_waited_for_once_and_begins_anew_with_the_next_sign_in() {
        let mut attempts = Attempts::NONE;
        for (count, delay) in [(1, 30), (2, 300)] {
            attempts.begin();
            assert_eq!((attempts.past(), attempts.delay()), (count, Some(delay)));
            attempts.wait(29);
            assert_eq!(attempts.delay(), Some(delay - 29));
            attempts.wait(u32::MAX);
            assert_eq!(attempts.delay(), Some(0));
        }
        attempts.begin();
        attempts.wait(u32::MAX);
        assert_eq!(attempts.delay(), None, "no time ends what is no delay");
    }

    #[test]
    fn who_is_sent_to_the_login_page_after_a_lasting_401_is_renewed_again_in_the_end() {
        let mut attempts = Attempts::NONE;
        attempts.renew(true);
        attempts.begin_call();
        attempts.rejected();
        for _ in 0..5 {
            attempts.begin_call();
            attempts.in_vain(true);
            assert!(attempts.is_renewed_in_vain(), "a 401 lasts");
        }
        for _ in 0..2 {
            attempts.begin_call();
            assert!(attempts.is_renewed_in_vain());
            attempts.in_vain(false);
        }
        attempts.begin_call();
        assert!(!attempts.is_renewed_in_vain(), "a site that starts lets the session in some time");
    }
}
