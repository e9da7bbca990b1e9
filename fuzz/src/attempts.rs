//! What has become of sign-ins, and of calls since a renewal, as it should be (protocol notes, section 4).

use creatio_auth::Session;

#[derive(Debug, Default)]
pub struct Attempts {
    /// How many sign-ins had an outcome that nobody knows.
    unknown: u32,
    is_refused: bool,
    /// How many seconds of the delay are over.
    waited: u32,
    /// A renewal has signed in, and no call has come through since.
    renewed: Option<Renewed>,
    /// The next sign-in begins without cookies.
    drops_cookies: bool,
}

#[derive(Debug, Default)]
struct Renewed {
    /// How many calls were made since.
    calls: u32,
    /// How many of them looked ended, but for the first one's 401 and those that followed it.
    ended: u32,
    /// The first one was answered with 401.
    has_401: bool,
}

/// What a sign-in has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    SignedIn,
    Refused,
    NotJudged,
    /// Nobody has judged the password, perhaps for the cookies that went along.
    CookiesRefused,
    Unknown,
}

impl Attempts {
    /// After how many seconds a program may sign in by itself.
    pub fn delay(&self) -> Option<u32> {
        match self.unknown {
            _ if self.is_refused => None,
            0 => Some(0),
            1 => Some(30 - self.waited),
            2 => Some(300 - self.waited),
            _ => None,
        }
    }

    /// Time has passed, by a clock that may be wrong: a delay gets no longer by it, and nothing else is one.
    pub fn wait(&mut self, session: &Session<'_>) {
        let (before, after) = (self.delay(), session.sign_in_delay());
        assert!(after.is_some() == before.is_some() && after <= before, "{before:?} becomes {after:?}");
        self.waited += before.unwrap_or_default() - after.unwrap_or_default();
    }

    /// A sign-in begins; whether it does so without cookies.
    pub fn begin(&mut self) -> bool {
        self.waited = 0;
        let drops_cookies = self.drops_cookies();
        if drops_cookies {
            self.answered_well();
        }
        drops_cookies
    }

    pub fn end(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::SignedIn => *self = Attempts::default(),
            Outcome::Refused => self.is_refused = true,
            Outcome::NotJudged => {}
            Outcome::CookiesRefused => (self.renewed, self.drops_cookies) = (None, true),
            Outcome::Unknown => self.unknown += 1,
        }
    }

    /// A sign-in has come to what this cannot tell: takes it from the session, which must not forget a refusal by it.
    pub fn adopt(&mut self, session: &Session<'_>) {
        let delay = session.sign_in_delay();
        assert!(self.delay() <= delay || delay.is_none(), "a sign-in that was not good has mended something");
        assert!(self.delay().is_some() || delay.is_none(), "a refusal is forgotten");
        self.unknown = match delay {
            Some(0) => 0,
            Some(30) => 1,
            Some(300) => 2,
            Some(other) => panic!("a delay of {other} seconds"),
            None => self.unknown,
        };
        self.is_refused = delay.is_none();
        if session.sign_in_drops_cookies() && !self.drops_cookies() {
            (self.renewed, self.drops_cookies) = (None, true);
        }
    }

    /// What a snapshot has of it.
    pub fn restore(&mut self) {
        self.waited = 0;
        self.answered_well();
    }

    /// A renewal has signed in, for a call that is made again or not.
    pub fn renew(&mut self, is_made_again: bool) {
        self.renewed = Some(Renewed { calls: 0, ended: u32::from(!is_made_again), has_401: false });
    }

    /// A call begins. Of those that look ended, each second one is renewed again.
    pub fn begin_call(&mut self) {
        if self.renewed.as_ref().is_some_and(|renewed| renewed.ended >= 2) {
            (self.renewed, self.drops_cookies) = (None, true);
        }
        if let Some(renewed) = &mut self.renewed {
            renewed.calls = renewed.calls.saturating_add(1);
        }
    }

    pub fn answered_well(&mut self) {
        (self.renewed, self.drops_cookies) = (None, false);
    }

    /// Whether a call that looks as if the session had ended is not renewed.
    pub fn is_in_vain(&self) -> bool {
        self.renewed.is_some()
    }

    /// Such a call was answered with 401.
    pub fn rejected(&mut self) {
        if let Some(renewed) = &mut self.renewed {
            renewed.has_401 |= renewed.calls == 1 && renewed.ended == 0;
        }
    }

    /// And such a call was told to a renewal.
    pub fn in_vain(&mut self, is_401: bool) {
        match &mut self.renewed {
            Some(renewed) if is_401 && renewed.ended == 0 && renewed.has_401 => {}
            Some(renewed) => renewed.ended += 1,
            None => {}
        }
    }

    pub fn drops_cookies(&self) -> bool {
        self.drops_cookies || self.renewed.as_ref().is_some_and(|renewed| renewed.ended > 0 || renewed.has_401)
    }
}
