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
/// answer, unless it is a `GET`, a `HEAD`, a [ping](Call::ping) or a [log-out](Call::logout), which do no more twice than once, or
/// is [said to be repeatable](Call::with_repeatable).
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
    /// What of the bits below holds.
    flags: u8,
    repeats_left: u8,
}

/// The request can be sent again as it was.
const HAS_BODY: u8 = 1;
/// Sending the request twice does no more than sending it once.
const IS_SAFE: u8 = 2;
/// It is sent again though nobody knows whether it was done.
const MAY_BE_DONE: u8 = 4;

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
    /// The answer is what there is to have, good or bad: report it. Where it says that the session has ended, no sign-in goes out by
    /// itself, and [`Session::earlier_sign_in`] says why.
    Report,
    /// Sign in, by the same door, and tell the outcome to [`Renewal::after_sign_in`].
    SignIn,
    /// The same, but not now: after so many seconds, for nobody knows what has become of the sign-in before. Whoever does not wait
    /// gives the call up, which counts nothing; the next renewal says the same until the session is told the
    /// [time](Session::set_time), or that they [have passed](Session::end_sign_in_delay).
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
            flags: if call.body_is_the_callers() { 0 } else { HAS_BODY }
                | if call.is_idempotent() { IS_SAFE } else { 0 },
            repeats_left: DEFAULT_REPEATS,
        }
    }

    /// Says that the body can be sent once more from its beginning.
    pub const fn with_repeatable_body(mut self) -> Self {
        self.flags |= HAS_BODY;
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
        let (has_body, is_safe) = (self.flags & HAS_BODY != 0, self.flags & IS_SAFE != 0);
        match (verdict, sign_in_delay) {
            (CallVerdict::SessionEnded(sign), Some(delay)) if self.state == State::Fresh && has_body => {
                let is_certain = sign.is_certain();
                self.note_unless(is_certain);
                let is_repeated = is_certain || is_safe;
                self.state = if is_repeated { State::SigningIn } else { State::SigningInOnly };
                if delay == 0 { Step::SignIn } else { Step::SignInAfter(delay) }
            }
            (CallVerdict::Busy, _) if has_body && self.repeats_left > 0 && (is_safe || is_not_done) => {
                self.note_unless(is_not_done);
                self.repeats_left -= 1;
                Step::RepeatAfter(retry_after.map(|seconds| seconds.min(MAX_WAIT)))
            }
            _ => Step::Report,
        }
    }

    fn note_unless(&mut self, is_not_done: bool) {
        if !is_not_done {
            self.flags |= MAY_BE_DONE;
        }
    }

    //= 9110-9.2.2-no-retry
    /// What to do where there was no connection to be had, or it was cut before the reply was complete
    /// ([`ReplyError::ClosedEarly`](crate::ReplyError::ClosedEarly)), or all took too long: [`Step::RepeatAfter`] a time of the caller's
    /// choice where twice does no more than once, over a new connection and as often as a busy site is asked again; otherwise
    /// [`Step::Report`], since nobody knows whether the site has done it.
    pub fn after_cut(&mut self) -> Step {
        const MAY: u8 = HAS_BODY | IS_SAFE;
        if self.flags & MAY != MAY || self.repeats_left == 0 {
            return Step::Report;
        }
        self.flags |= MAY_BE_DONE;
        self.repeats_left = self.repeats_left.saturating_sub(1);
        Step::RepeatAfter(None)
    }

    /// Whether the call is or was sent again though it may have been done before. If the last answer then is that it is refused or
    /// has failed, look whether it was done: read the record. A create whose `Id` is there is done, and so is a `DELETE` that finds
    /// none ([`CallVerdict::NotFound`]).
    pub fn may_be_done_before(&self) -> bool {
        self.flags & MAY_BE_DONE != 0
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
    fn what_is_said_to_be_repeatable_is_repeated_wherever_nobody_knows_and_that_is_told() {
        let uncertain = CallVerdict::SessionEnded(EndSign::LoginPage);
        let create = post().with_repeatable();
        let mut renewal = Renewal::new(&create);
        assert!(!renewal.may_be_done_before());
        assert_eq!(after_busy(&mut renewal, 503), Step::RepeatAfter(Some(7)));
        assert!(renewal.may_be_done_before());
        let mut renewal = Renewal::new(&create);
        assert_eq!(after_busy(&mut renewal, 429), Step::RepeatAfter(Some(7)));
        assert_eq!((after(&mut renewal, ENDED), renewal.state), (Step::SignIn, State::SigningIn));
        assert!(!renewal.may_be_done_before()); // the site has said no each time
        let mut renewal = Renewal::new(&create);
        assert_eq!((after(&mut renewal, uncertain), renewal.state), (Step::SignIn, State::SigningIn));
        assert!(renewal.may_be_done_before());
        let mut renewal = Renewal::new(&post());
        assert_eq!((after(&mut renewal, uncertain), renewal.state), (Step::SignIn, State::SigningInOnly));
    }

    #[test]
    fn after_a_cut_connection_what_does_no_harm_is_repeated_so_often_and_nothing_else() {
        for call in [get(), Call::ping(), Call::logout(), post().with_repeatable()] {
            let mut renewal = Renewal::new(&call).with_repeats(2);
            let steps = core::array::from_fn(|_| renewal.after_cut());
            assert_eq!(steps, [Step::RepeatAfter(None), Step::RepeatAfter(None), Step::Report], "{call:?}");
            assert!(renewal.may_be_done_before());
        }
        for call in [post(), Call::put(Path::of_ours("/x")), Call::delete(Path::of_ours("/x"))] {
            let mut renewal = Renewal::new(&call);
            assert_eq!(renewal.after_cut(), Step::Report, "{call:?}");
            assert!(!renewal.may_be_done_before());
        }
        let upload = Call::put(Path::of_ours("/x")).with_body_of_length("image/png", 5).unwrap().with_repeatable();
        assert_eq!(Renewal::new(&upload).after_cut(), Step::Report);
        assert_eq!(Renewal::new(&upload).with_repeatable_body().after_cut(), Step::RepeatAfter(None));
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
