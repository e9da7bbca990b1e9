//! Staying signed in: what to do after each answer, without doing it.

use crate::answer::call::CallVerdict;
use crate::exchange::Exchange;
use crate::request::call::Call;
use crate::session::Session;
use crate::text::numbered::named;
use crate::text::time::MAX_WAIT;

/// How often a call is repeated to a busy site, unless [`Renewal::with_repeats`] says otherwise.
pub const DEFAULT_REPEATS: u8 = 3;

/// Decides what comes after each answer to one call: a small state machine that does nothing itself.
///
/// It asks for at most one new login, and only where the answer says that the session has ended. Whether it may ask at all is
/// the [session's](Session::sign_in_delay): a login that was refused is not tried again for this call nor for a later one, for
/// that can lock the account. Nor is there a login for each call where logins do not help
/// ([`CallVerdict::RenewedInVain`]).
///
/// A call is never repeated where the site may have done it: not after a page with status 200, which may be the call's own
/// answer, unless it is a `GET`, a `HEAD`, a [ping](Call::ping) or a [log-out](Call::logout), which do no more twice than once.
///
/// Before the login, let the session give up what has ended: [`Session::end`].
///
/// ```
/// use creatio_auth::{Call, Path, Renewal, Runtime, Session, Site, Step};
///
/// # fn send_and_receive(_: &mut Session<'_>, exchange: &mut creatio_auth::Exchange<'_>) {}
/// let site = Site::parse("https://crm.example.com", Runtime::Net)?;
/// let mut memory = [0; 4096];
/// let mut session = Session::new(site, &mut memory);
///
/// let call = Call::get(Path::site("/odata/Contact")?);
/// let mut renewal = Renewal::new(&call);
/// loop {
///     let mut exchange = session.call(&call);
///     send_and_receive(&mut session, &mut exchange); // the caller's
///     match renewal.after_answer(&exchange, &mut session) {
///         Step::SignIn => {} // session.login(…), and then renewal.after_sign_in(…)
///         Step::SignInAfter(seconds) => {} // the same, after a while
///         Step::Repeat => continue,
///         Step::RepeatAfter(seconds) => {} // wait, and then go on
///         _ => break, // exchange.call_result(&session)
///     }
/// #   break;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
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
    /// One has been asked for, after which the call is repeated.
    SigningIn,
    /// One has been asked for, after which it is not.
    SigningInOnly,
    /// The one login has been.
    Renewed,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Step {
    /// The answer is what there is to have, good or bad: report it.
    Report,
    /// Sign in, by the same door, and tell the outcome to [`Renewal::after_sign_in`].
    SignIn,
    /// The same, but after so many seconds: nobody knows what has become of the sign-in before.
    SignInAfter(u32),
    /// Send the call again, now.
    Repeat,
    /// Send the call again after so many seconds, [`MAX_WAIT`](crate::MAX_WAIT) at the most; where the site does not say how many, they are the
    /// caller's choice. The [answer](crate::Answer::retry_after) has what the site said.
    RepeatAfter(Option<u32>),
}

named!(Step {
    Report,
    SignIn,
    SignInAfter { .. },
    Repeat,
    RepeatAfter { .. },
});

impl Renewal {
    /// For one call and its repetitions.
    ///
    /// A body that the caller sends itself ([`Call::with_body_of_length`]) counts as one that cannot be sent again; say
    /// otherwise with [`with_repeatable_body`](Renewal::with_repeatable_body).
    pub fn new(call: &Call<'_>) -> Self {
        Renewal {
            state: State::Fresh,
            is_repeatable: !call.body_is_the_callers(),
            is_safe: call.is_idle(),
            repeats_left: DEFAULT_REPEATS,
        }
    }

    /// Says that the body can be sent once more from its beginning.
    pub const fn with_repeatable_body(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// How often the call may be repeated to a busy site, [`DEFAULT_REPEATS`] otherwise.
    pub const fn with_repeats(mut self, repeats: u8) -> Self {
        self.repeats_left = repeats;
        self
    }

    //= 9110-15.5.4-no-repeat
    /// What to do after the answer to the call, when it is complete. Anything else is answered with [`Step::Report`].
    pub fn after_answer(&mut self, exchange: &Exchange<'_>, session: &mut Session<'_>) -> Step {
        let Ok(verdict) = exchange.call_verdict(session) else {
            return Step::Report;
        };
        let is_401 = exchange.http_status() == Some(401);
        if verdict == CallVerdict::RenewedInVain {
            session.attempts.in_vain(is_401);
        }
        let is_429 = exchange.http_status() == Some(429);
        self.after_verdict(verdict, session.sign_in_delay(), is_429, exchange.retry_after())
    }

    #[expect(clippy::arithmetic_side_effects, reason = "asked only where some are left")]
    fn after_verdict(
        &mut self,
        verdict: CallVerdict,
        sign_in_delay: Option<u32>,
        is_not_done: bool,
        retry_after: Option<u32>,
    ) -> Step {
        match (verdict, sign_in_delay) {
            (CallVerdict::SessionEnded(sign), Some(delay)) if self.state == State::Fresh && self.is_repeatable => {
                let is_repeated = sign.is_certain() || self.is_safe;
                self.state = if is_repeated { State::SigningIn } else { State::SigningInOnly };
                if delay == 0 { Step::SignIn } else { Step::SignInAfter(delay) }
            }
            (CallVerdict::Busy, _)
                if self.is_repeatable && self.repeats_left > 0 && (self.is_safe || is_not_done) =>
            {
                self.repeats_left -= 1;
                Step::RepeatAfter(retry_after.map(|seconds| seconds.min(MAX_WAIT)))
            }
            _ => Step::Report,
        }
    }

    /// What to do after the login, or the request for a token, that was asked for: has it
    /// [signed in](Exchange::is_signed_in)? Then the call is repeated, unless the site may have done it already.
    pub fn after_sign_in(&mut self, is_signed_in: bool, session: &mut Session<'_>) -> Step {
        let was = core::mem::replace(&mut self.state, State::Renewed);
        if !matches!(was, State::SigningIn | State::SigningInOnly) || !is_signed_in {
            return Step::Report;
        }
        let is_made_again = was == State::SigningIn;
        session.attempts.renew(is_made_again);
        if is_made_again { Step::Repeat } else { Step::Report }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::call::EndSign;
    use crate::site::path::Path;

    const ENDED: CallVerdict = CallVerdict::SessionEnded(EndSign::AuthenticationFailed);

    fn get() -> Call<'static> {
        Call::get(Path::of_ours("/x"))
    }

    fn post() -> Call<'static> {
        Call::post(Path::of_ours("/odata/Contact")).with_json(b"{}")
    }

    fn after(renewal: &mut Renewal, verdict: CallVerdict) -> Step {
        renewal.after_verdict(verdict, Some(0), false, None)
    }

    fn after_busy(renewal: &mut Renewal, http_status: u16) -> Step {
        renewal.after_verdict(CallVerdict::Busy, Some(0), http_status == 429, Some(7))
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
            AccessDenied,
            RenewedInVain,
        ];
        for verdict in others {
            assert_eq!(after(&mut Renewal::new(&post()), verdict), Step::Report, "{verdict:?}");
        }
        for number in 0..=u8::MAX {
            let Some(sign) = EndSign::of_number(number) else { continue };
            assert_eq!(after(&mut Renewal::new(&post()), SessionEnded(sign)), Step::SignIn, "{sign:?}");
        }
    }

    #[test]
    fn there_is_no_login_where_the_session_does_not_let_one_be_and_a_later_one_where_it_says_so() {
        assert_eq!(Renewal::new(&get()).after_verdict(ENDED, None, false, None), Step::Report);
        assert_eq!(Renewal::new(&get()).after_verdict(ENDED, Some(30), false, None), Step::SignInAfter(30));
    }

    #[test]
    fn there_is_one_login_at_the_most() {
        let mut renewal = Renewal::new(&post());
        assert_eq!(after(&mut renewal, ENDED), Step::SignIn);
        assert_eq!(after(&mut renewal, ENDED), Step::Report); // one at a time
        renewal.state = State::Renewed;
        assert_eq!(after(&mut renewal, ENDED), Step::Report);
    }

    #[test]
    fn a_site_is_waited_for_an_hour_at_the_most() {
        for (said, waited) in [(0, 0), (MAX_WAIT, MAX_WAIT), (MAX_WAIT + 1, MAX_WAIT), (u32::MAX, MAX_WAIT)] {
            let step = Renewal::new(&get()).after_verdict(CallVerdict::Busy, Some(0), false, Some(said));
            assert_eq!(step, Step::RepeatAfter(Some(waited)));
        }
    }

    #[test]
    fn a_body_that_is_gone_is_not_repeated() {
        let streamed = Call::put(Path::of_ours("/x")).with_body_of_length("image/png", 5).unwrap();
        assert_eq!(after(&mut Renewal::new(&streamed), ENDED), Step::Report);
        assert_eq!(after_busy(&mut Renewal::new(&streamed), 429), Step::Report);
        let mut renewal = Renewal::new(&streamed).with_repeatable_body();
        assert_eq!(after(&mut renewal, ENDED), Step::SignIn);
    }

    #[test]
    fn a_busy_site_is_asked_again_so_often_and_a_write_only_if_it_was_not_done() {
        let mut renewal = Renewal::new(&get()).with_repeats(2);
        let steps = core::array::from_fn(|_| after_busy(&mut renewal, 503));
        assert_eq!(steps, [Step::RepeatAfter(Some(7)), Step::RepeatAfter(Some(7)), Step::Report]);
        assert_eq!(after_busy(&mut Renewal::new(&post()), 503), Step::Report);
        assert_eq!(after_busy(&mut Renewal::new(&post()), 429), Step::RepeatAfter(Some(7)));
    }
}
