//! Why no sign-in goes out by itself: what the one before has come to, as a session remembers it.

use super::login::Verdict;
use super::token::TokenVerdict;
use super::windows::WindowsVerdict;
use crate::session::Session;
use crate::session::attempts;
use crate::text::numbered::{display, named};

/// What an earlier sign-in has come to, where no other may go out by itself: see [`Session::earlier_sign_in`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EarlierSignIn {
    /// A login, or a change of the password, was refused by this verdict.
    Login(Verdict),
    /// A request for a token was refused by this verdict.
    Token(TokenVerdict),
    /// A login by Windows authentication was refused by this verdict.
    Windows(WindowsVerdict),
    /// It was answered by what no verdict is about, such as a malformed reply.
    Unreadable,
    /// None was refused, but the answers of all that may be tried were lost on their way: nobody knows.
    Lost,
}

named!(EarlierSignIn {
    Login { .. },
    Token { .. },
    Windows { .. },
    Unreadable,
    Lost,
});

impl EarlierSignIn {
    // The numbers are those of the C interface.
    #[doc(hidden)]
    pub const WINDOWS: u8 = attempts::WINDOWS;
    #[doc(hidden)]
    pub const TOKEN: u8 = attempts::TOKEN;
    #[doc(hidden)]
    pub const UNREADABLE: u8 = 254;
    #[doc(hidden)]
    pub const LOST: u8 = 255;

    /// The one with this number in the C interface, or [`Unreadable`](EarlierSignIn::Unreadable).
    #[doc(hidden)]
    pub const fn of_number(number: u8) -> Self {
        if number == EarlierSignIn::LOST {
            return EarlierSignIn::Lost;
        }
        if let Some(verdict) = Verdict::of_number(number) {
            return EarlierSignIn::Login(verdict);
        }
        if let Some(verdict) = WindowsVerdict::of_number(number.wrapping_sub(EarlierSignIn::WINDOWS)) {
            return EarlierSignIn::Windows(verdict);
        }
        match TokenVerdict::of_number(number.wrapping_sub(EarlierSignIn::TOKEN)) {
            Some(verdict) => EarlierSignIn::Token(verdict),
            None => EarlierSignIn::Unreadable,
        }
    }

    /// What it means, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            EarlierSignIn::Login(verdict) => verdict.text(),
            EarlierSignIn::Token(verdict) => verdict.text(),
            EarlierSignIn::Windows(verdict) => verdict.text(),
            EarlierSignIn::Unreadable => "its answer could not be used",
            EarlierSignIn::Lost => {
                "several in a row were lost on their way, and nobody knows what has become of them"
            }
        }
    }
}

display!(EarlierSignIn);

impl Session<'_> {
    /// What the sign-in has come to after which no other may go out by itself; none where one may, at once or after its
    /// [delay](Session::sign_in_delay). It is part of a [snapshot](Session::write_snapshot).
    ///
    /// ```
    /// # fn show(session: &creatio_auth::Session<'_>) {
    /// if let Some(earlier) = session.earlier_sign_in() {
    ///     println!("{earlier}"); // after a reboot, too; then the caller signs in, or allows it
    /// }
    /// # }
    /// ```
    pub fn earlier_sign_in(&self) -> Option<EarlierSignIn> {
        Some(self.earlier_sign_in_number()).filter(|number| *number != 0).map(EarlierSignIn::of_number)
    }

    /// The same as its number in the C interface, 0 for none.
    #[doc(hidden)]
    pub fn earlier_sign_in_number(&self) -> u8 {
        match (self.attempts.delay(), self.attempts.refusal()) {
            (Some(_), _) => 0,
            (_, None) => EarlierSignIn::LOST,
            (_, Some(0)) => EarlierSignIn::UNREADABLE,
            (_, Some(number)) => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::login::Credentials;
    use crate::site::{Runtime, Site};

    #[test]
    fn each_number_is_that_of_one_verdict_and_back() {
        let mut counts = [0; 5];
        for number in 0..=u8::MAX {
            let earlier = EarlierSignIn::of_number(number);
            let (nth, back) = match earlier {
                EarlierSignIn::Login(verdict) => (0, verdict.number()),
                EarlierSignIn::Token(verdict) => (1, verdict.number() | EarlierSignIn::TOKEN),
                EarlierSignIn::Windows(verdict) => (2, verdict.number() | EarlierSignIn::WINDOWS),
                EarlierSignIn::Unreadable => (3, number),
                EarlierSignIn::Lost => (4, EarlierSignIn::LOST),
            };
            counts[nth] += 1;
            assert_eq!(back, number, "{earlier:?}");
            let is_good = match earlier {
                EarlierSignIn::Login(verdict) => verdict.is_authenticated(),
                EarlierSignIn::Token(verdict) => verdict == TokenVerdict::Granted,
                _ => false,
            };
            assert_eq!(attempts::is_good(number), is_good, "{earlier:?}");
        }
        assert_eq!(counts, [18, TokenVerdict::ALL.len(), 7, 256 - 18 - TokenVerdict::ALL.len() - 7 - 1, 1]);
        assert_eq!(EarlierSignIn::of_number(EarlierSignIn::UNREADABLE), EarlierSignIn::Unreadable);
    }

    #[cfg(feature = "texts")]
    #[test]
    fn each_says_what_its_verdict_says_or_has_words_of_its_own() {
        assert_eq!(EarlierSignIn::Login(Verdict::Rejected).text(), Verdict::Rejected.text());
        assert_eq!(EarlierSignIn::Token(TokenVerdict::InvalidClient).text(), TokenVerdict::InvalidClient.text());
        assert_eq!(EarlierSignIn::Windows(WindowsVerdict::Refused).text(), WindowsVerdict::Refused.text());
        assert_ne!(EarlierSignIn::Unreadable.text(), EarlierSignIn::Lost.text());
    }

    #[test]
    fn a_login_whose_answer_cannot_be_read_is_remembered_without_a_verdict() {
        let mut memory = [0; 256];
        let mut session = Session::new(Site::parse("https://crm.example.com", Runtime::Net).unwrap(), &mut memory);
        let who = Credentials::borrowed("Supervisor", "hunter2");
        let mut exchange = session.login(&who);
        while exchange.fill(&mut session, &mut [0; 64]).unwrap() > 0 {}
        assert!(exchange.feed(&mut session, b"HTTP/1.1 200 OK\nX: y\r\n\r\n").is_err());
        assert_eq!(session.earlier_sign_in(), Some(EarlierSignIn::Unreadable));
    }
}
