//! Staying signed in: what to do after each answer, without doing it.

use crate::answer::call::{Answer, CallVerdict};
use crate::request::call::Call;

/// How often a call is repeated to a busy site, unless [`Renewal::with_repeats`] says otherwise.
pub const DEFAULT_REPEATS: u8 = 3;

/// Decides what comes after each answer to one call: a small state machine that does nothing itself.
///
/// It asks for at most one new login, and only where the answer has one of the three shapes of an ended session, in
/// which case the site has not done what the call asks. A login that is not accepted is reported and never tried again,
/// for that can lock the account. A call is never repeated where the site may have done it.
///
/// Before the login, let the session give up what has ended: [`Session::end`](crate::Session::end).
///
/// It knows of one call only. After a login that was rejected, let no later call sign in until the credentials are others:
/// each would be one more failure. (The clients see to that themselves.)
///
/// ```
/// use creatio_auth::{Call, CallVerdict, EndSign, Path, Renewal, Step};
///
/// let call = Call::get(Path::site("/odata/Contact")?);
/// let mut renewal = Renewal::new(&call);
/// let ended = CallVerdict::SessionEnded(EndSign::RedirectToLogin);
/// assert_eq!(renewal.after_verdict(ended, None), Step::SignIn);
/// assert_eq!(renewal.after_sign_in(true), Step::Repeat);
/// assert_eq!(renewal.after_verdict(ended, None), Step::Report); // once is enough
/// # Ok::<(), creatio_auth::PathError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Renewal {
    state: State,
    /// Whether the request can be sent again as it was.
    is_repeatable: bool,
    /// Whether sending the request twice does no more than sending it once.
    is_safe: bool,
    repeats_left: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No login has been asked for.
    Fresh,
    SigningIn,
    /// The one login has been.
    Renewed,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Step {
    /// The answer is what there is to have, good or bad: report it.
    Report,
    /// Sign in, by the same door, and tell the outcome to [`Renewal::after_sign_in`].
    SignIn,
    /// Send the call again, now.
    Repeat,
    /// Send the call again after so many seconds; where the site does not say how many, they are the caller's choice.
    RepeatAfter(Option<u32>),
}

impl Renewal {
    /// For one call and its repetitions.
    ///
    /// A body that the caller sends itself ([`Call::with_body_of_length`]) counts as one that cannot be sent again; say
    /// otherwise with [`with_repeatable_body`](Renewal::with_repeatable_body).
    pub fn new(call: &Call<'_>) -> Self {
        Renewal {
            state: State::Fresh,
            is_repeatable: !call.body_is_the_callers(),
            is_safe: call.method.is_safe(),
            repeats_left: DEFAULT_REPEATS,
        }
    }

    /// Says that the body can be sent once more from its beginning.
    pub fn with_repeatable_body(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// How often the call may be repeated to a busy site, [`DEFAULT_REPEATS`] otherwise.
    pub fn with_repeats(mut self, repeats: u8) -> Self {
        self.repeats_left = repeats;
        self
    }

    /// What to do after an answer.
    pub fn after_answer(&mut self, answer: &Answer<'_>) -> Step {
        self.after(answer.verdict, answer.http_status, answer.retry_after)
    }

    /// As [`Renewal::after_answer`], for the C interface.
    #[doc(hidden)]
    pub fn after(&mut self, verdict: CallVerdict, http_status: u16, retry_after: Option<u32>) -> Step {
        if verdict == CallVerdict::Busy && http_status != 429 && !self.is_safe {
            return Step::Report; // 503 does not say that nothing was done
        }
        self.after_verdict(verdict, retry_after)
    }

    /// What to do after a verdict, for a call that the site has certainly not done where it is busy.
    pub fn after_verdict(&mut self, verdict: CallVerdict, retry_after: Option<u32>) -> Step {
        match verdict {
            CallVerdict::SessionEnded(_) if self.state == State::Fresh && self.is_repeatable => {
                self.state = State::SigningIn;
                Step::SignIn
            }
            CallVerdict::Busy if self.is_repeatable && self.repeats_left > 0 => {
                self.repeats_left -= 1;
                Step::RepeatAfter(retry_after)
            }
            _ => Step::Report,
        }
    }

    /// What to do after the login, or the request for a token, that was asked for: has it
    /// [signed in](crate::Exchange::is_signed_in)?
    pub fn after_sign_in(&mut self, is_signed_in: bool) -> Step {
        let was_asked = self.state == State::SigningIn;
        self.state = State::Renewed;
        if was_asked && is_signed_in { Step::Repeat } else { Step::Report }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::call::EndSign;
    use crate::site::path::Path;

    const ENDED: CallVerdict = CallVerdict::SessionEnded(EndSign::AuthenticationFailed);

    fn post() -> Call<'static> {
        Call::post(Path::of_ours("/odata/Contact")).with_json(b"{}")
    }

    fn busy(http_status: u16) -> Answer<'static> {
        Answer {
            verdict: CallVerdict::Busy,
            http_status,
            message: None,
            inner_message: None,
            next_link: None,
            retry_after: Some(7),
        }
    }

    #[test]
    fn only_an_ended_session_asks_for_a_login() {
        use CallVerdict::*;
        let others = [
            Fine,
            CsrfMissing,
            Forbidden,
            Unauthorized,
            WrongPrefix,
            NotFound,
            Failed,
            NotJson,
            Refused,
            ServerError,
            UnexpectedStatus,
        ];
        for verdict in others {
            assert_eq!(Renewal::new(&post()).after_verdict(verdict, None), Step::Report, "{verdict:?}");
        }
        for sign in
            [EndSign::RedirectToLogin, EndSign::LoginPage, EndSign::AuthenticationFailed, EndSign::TokenRejected]
        {
            let verdict = SessionEnded(sign);
            assert_eq!(Renewal::new(&post()).after_verdict(verdict, None), Step::SignIn, "{verdict:?}");
        }
    }

    #[test]
    fn there_is_one_login_at_the_most() {
        let mut renewal = Renewal::new(&post());
        assert_eq!(renewal.after_verdict(ENDED, None), Step::SignIn);
        assert_eq!(renewal.after_verdict(ENDED, None), Step::Report); // one at a time
        assert_eq!(renewal.after_sign_in(true), Step::Repeat);
        assert_eq!(renewal.after_verdict(ENDED, None), Step::Report);
        assert_eq!(renewal.after_sign_in(true), Step::Report); // nobody asked
    }

    #[test]
    fn a_login_that_is_not_accepted_is_reported() {
        let mut renewal = Renewal::new(&post());
        renewal.after_verdict(ENDED, None);
        assert_eq!(renewal.after_sign_in(false), Step::Report);
        assert_eq!(renewal.after_verdict(ENDED, None), Step::Report);
    }

    #[test]
    fn a_body_that_is_gone_is_not_repeated() {
        let streamed = Call::put(Path::of_ours("/x")).with_body_of_length("image/png", 5).unwrap();
        assert_eq!(Renewal::new(&streamed).after_verdict(ENDED, None), Step::Report);
        assert_eq!(Renewal::new(&streamed).after_answer(&busy(429)), Step::Report);
        let mut renewal = Renewal::new(&streamed).with_repeatable_body();
        assert_eq!(renewal.after_verdict(ENDED, None), Step::SignIn);
    }

    #[test]
    fn a_busy_site_is_asked_again_so_often_and_a_write_only_if_it_was_not_done() {
        let get = Call::get(Path::of_ours("/x"));
        let mut renewal = Renewal::new(&get).with_repeats(2);
        let steps = core::array::from_fn(|_| renewal.after_answer(&busy(503)));
        assert_eq!(steps, [Step::RepeatAfter(Some(7)), Step::RepeatAfter(Some(7)), Step::Report]);
        assert_eq!(Renewal::new(&post()).after_answer(&busy(503)), Step::Report);
        assert_eq!(Renewal::new(&post()).after_answer(&busy(429)), Step::RepeatAfter(Some(7)));
    }
}
