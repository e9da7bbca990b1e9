//! What is kept from one exchange to the next.

pub(crate) mod attempts;
pub(crate) mod authorization;
pub(crate) mod authorization_lines;
pub(crate) mod defaults;
pub(crate) mod error;
#[cfg(feature = "alloc")]
pub(crate) mod owned;
pub(crate) mod snapshot;

use core::fmt;

use crate::cookie::jar::Jar;
use crate::cookie::record::{Context, Record};
use crate::site::Site;
use crate::site::path::Path;
use crate::text::time::Time;
use attempts::Attempts;
use authorization::{Authorization, RefreshToken, TICKET_NAME};
use defaults::{DEFAULT_BODY_LIMIT, DEFAULT_HEAD_LIMIT, DEFAULT_USER_AGENT};

/// A site and what it has given to authorise later requests: the cookies of a login, or a token.
///
/// The cookies live in memory that the caller lends. It holds, from the front: the cookies, each with 17 bytes
/// beside its name, value and path; while a reply comes, the cookies it brings, then the longest line among
/// `Set-Cookie`, `Location` and the few other fields of interest, then the texts of an answer, as far as there is room. Too
/// little is an error that says how much it takes. With a ticket of 1,000 characters:
///
/// | a session's memory takes, in bytes | nine cookies of the site | and those of two firewalls |
/// |---|---:|---:|
/// | the first login | 1,494 | 2,804 |
/// | a login after a certain end | 1,494 | 2,804 |
/// | any other login | 2,969 | 5,582 |
/// | a call | 1,572 | 2,875 |
/// | a call that shows the end | 1,648 | 2,951 |
/// | a call that renews the ticket | 2,582 | 3,885 |
///
/// A certain end is one that [`Session::end`] was told. No cookie is dropped for want of memory, but those that an ended
/// session has left. There are [`MAX_COOKIES`](crate::MAX_COOKIES) at the most: one more takes the place of the one that
/// was set longest ago.
///
/// Cookies are taken and sent as RFC 6265bis has it, and to this site only, whatever their `Domain` says: so no list of
/// public suffixes is needed. `SameSite` says nothing, since no other site begins these requests.
///
/// What has been written to the memory is wiped when the session is dropped or [cleared](Session::clear).
///
/// ```
/// use creatio_auth::{Call, Path, Runtime, Session, Site};
///
/// let site = Site::parse("https://crm.example.com", Runtime::Net)?;
/// let mut memory = [0; 4096];
/// let mut session = Session::new(site, &mut memory);
/// session.set_time(1_795_308_774); // cookies end at their time then
/// assert!(!session.has_ticket());
///
/// # let mut store = [0; 4096];
/// let exchange = session.call(&Call::get(Path::site("/odata/Contact")?)); // authorised by what the session has
/// let len = session.write_snapshot(&mut store)?; // for the next start
/// session.restore(&store[..len])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Session<'m> {
    pub(crate) site: Site<'m>,
    pub(crate) jar: Jar<'m>,
    /// The time by which cookies live: the caller's, apart from what its clock has been set by.
    pub(crate) now: Time,
    /// What the caller's clock said last.
    pub(crate) told: Time,
    /// What the site's clock said then, as far as that is known.
    pub(crate) date: Time,
    pub(crate) head_limit: usize,
    pub(crate) body_limit: usize,
    /// `User-Agent`, checked; empty for none.
    pub(crate) user_agent: &'m str,
    /// The caller's own lines for every request to the site, checked.
    pub(crate) field_lines: &'m str,
    /// Counts the exchanges, so that an old one cannot go on.
    pub(crate) exchanges: u32,
    pub(crate) attempts: Attempts,
}

/// Tells an exchange its session again, even if the session has been moved: by where its memory is, or by where the URL of its
/// site is if it has none. Two sessions without memory and of one URL differ in nothing that an exchange can see but the
/// number of exchanges.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExchangeId {
    place: usize,
    exchange: u32,
}

impl<'m> Session<'m> {
    /// A session with a site, without any cookies yet.
    pub const fn new(site: Site<'m>, memory: &'m mut [u8]) -> Self {
        Session {
            site,
            jar: Jar::new(memory),
            now: Time::UNKNOWN,
            told: Time::UNKNOWN,
            date: Time::UNKNOWN,
            head_limit: DEFAULT_HEAD_LIMIT,
            body_limit: DEFAULT_BODY_LIMIT,
            user_agent: DEFAULT_USER_AGENT,
            field_lines: "",
            exchanges: 0,
            attempts: Attempts::NONE,
        }
    }

    /// The site.
    pub const fn site(&self) -> &Site<'m> {
        &self.site
    }

    /// Tells the time, in seconds since 1970, to a session that is to honour the lifetimes of cookies and tokens. Call it
    /// before each exchange, or never if there is no clock: then cookies live as long as the session. Times after 2106-02-07
    /// count as that day.
    ///
    /// The clock need not be right: what the site dates is counted from the `Date` of its reply, and only what has passed since
    /// by this clock. It may be set at any time, by NTP for instance. Where it goes back, or from a wrong time to about that
    /// of the site, or on by more than 400 days, cookies live as long as they would have; any other step is time that has
    /// passed. A token may have to be [asked for anew](Session::needs_token) then (protocol notes, section 3).
    ///
    /// What has passed counts for the [delay](Session::sign_in_delay) of a sign-in, too.
    pub fn set_time(&mut self, unix_seconds: u64) {
        let told = Time::at(unix_seconds);
        let seconds = told.seconds_since(self.told, self.date);
        self.attempts.wait(seconds);
        if cfg!(feature = "lifetimes") {
            self.now = self.now.after(seconds).or(told);
            self.date = self.date.after(seconds);
        }
        self.told = told;
    }

    /// Notes the time by the site's clock, where there is another to compare it with.
    pub(crate) fn note_date(&mut self, date: Time) {
        if self.told.known().is_some() {
            self.date = date.or(self.date);
        }
    }

    /// The most bytes of field lines that a reply may have, [`DEFAULT_HEAD_LIMIT`] at first; no more than 1 MiB where words have
    /// 32 bits. It bounds time, not memory: lines of no interest take none. What frames a body's chunks counts, too, as far as it is
    /// longer than 31 bytes for each byte of data.
    pub fn set_head_limit(&mut self, bytes: usize) {
        // So that no sum of a head's lengths is too large for a word: a line of 13 bytes can be a cookie with a path of 18 KiB.
        self.head_limit = bytes.min(usize::MAX >> 12);
    }

    /// The most bytes that the body of a reply may have which nobody has asked to be long, [`DEFAULT_BODY_LIMIT`] at first: of a
    /// login, a request for a token, a [log-out](crate::Call::logout), a [ping](crate::Call::ping) and a [health
    /// check](crate::Call::health_check); of a call that is answered with a status from 300 on; and of one that [asks for
    /// it](crate::Call::with_limited_body). It bounds time, not memory. Any other answer to a call may be of any length.
    pub fn set_body_limit(&mut self, bytes: usize) {
        self.body_limit = bytes;
    }

    /// What authorises a call.
    #[inline(never)]
    pub(crate) fn authorization(&self, path: Path<'_>) -> Authorization {
        Authorization::of(&self.jar, &self.context(path))
    }

    /// Ends the exchange that is under way, and tells the next one who it is.
    #[inline(never)]
    pub(crate) fn next_exchange(&mut self) -> ExchangeId {
        self.end_exchange();
        self.jar.unstage();
        if cfg!(feature = "lifetimes") {
            self.jar.drop_over(self.now, false);
        }
        self.jar.wipe_rest();
        self.exchange_id()
    }

    pub(crate) fn exchange_id(&self) -> ExchangeId {
        let place = match &*self.jar.memory {
            [] => self.site.host().as_ptr().addr(),
            memory => memory.as_ptr().addr(),
        };
        ExchangeId { place, exchange: self.exchanges }
    }

    /// Whether this is [`exchange_id`](Session::exchange_id), of a session that has memory.
    #[inline(always)]
    pub(crate) fn is_surely(&self, id: ExchangeId) -> bool {
        matches!(&*self.jar.memory, [first, ..] if (&raw const *first).addr() == id.place)
            && self.exchanges == id.exchange
    }

    pub(crate) fn context<'a>(&self, path: Path<'a>) -> Context<'a>
    where
        'm: 'a,
    {
        Context::new(&self.site, path, self.now)
    }

    /// Whether the session has a ticket, `.ASPXAUTH`, that goes back to the site. Only the site knows whether it still
    /// takes it.
    pub fn has_ticket(&self) -> bool {
        self.age_of(TICKET_NAME.as_bytes()) < u32::MAX
    }

    /// Whether the last so many cookies that were set have a ticket among them, which goes back to the site.
    pub(crate) fn has_new_ticket(&self, set: u32) -> bool {
        self.age_of(TICKET_NAME.as_bytes()) <= set
    }

    /// The same of a CSRF token.
    pub(crate) fn has_new_csrf_token(&self, set: u32) -> bool {
        authorization::CSRF_NAMES.iter().any(|name| self.age_of(name.as_bytes()) <= set)
    }

    /// How many cookies have been set since the one of this name that goes back to the site, it counted; the most there are
    /// if there is none.
    #[inline(never)]
    pub(crate) fn age_of(&self, name: &[u8]) -> u32 {
        self.age_at(name, &const { Path::of_ours("/") })
    }

    /// The same of one that goes to this path.
    #[inline(never)]
    pub(crate) fn age_at(&self, name: &[u8], path: &Path<'_>) -> u32 {
        self.jar.newest_with_age(name, &self.context(*path)).1
    }

    /// A login was accepted, which has set so many cookies. Of those that a login brings, the older ones of each name that it has
    /// set are over: a site sets each in one place, and one that somebody has slipped in for a longer path would go before it,
    /// whatever login came. What it has not set stays (protocol notes, section 3).
    #[inline(never)]
    pub(crate) fn supersede(&mut self, set: u32) {
        let context = self.context(Path::of_ours("/"));
        self.jar.expire(|jar, old| {
            jar.age(old) > set && old.is_of_a_login() && jar.newest_with_age(old.sent_name(), &context).1 <= set
        });
    }

    /// After how many seconds a program may sign in by itself, without asking anybody; none where it may not, since the last
    /// sign-in was refused and the next would be, too, which can lock the account ([`earlier_sign_in`](Session::earlier_sign_in)). It is
    /// 0 at first, and after a sign-in that was good.
    ///
    /// It hangs on this alone: the password was sent, and nothing good came. A site that certainly has judged nothing (429,
    /// 503, and 502 and 504 from what stands in front of it; or [cookies](Session::sign_in_drops_cookies) that are too long) does
    /// not count. Where nobody knows, as where the connection was cut or nobody waited for the answer, there may be two more, after
    /// 30 and after 300 seconds. Of these is told what is left, where the session is told the [time](Session::set_time); otherwise
    /// say [`end_sign_in_delay`](Session::end_sign_in_delay) when they have passed.
    ///
    /// [`Renewal`](crate::Renewal) and the clients ask it before they sign in; a sign-in of the caller's own is always its own
    /// affair. It is part of a [snapshot](Session::write_snapshot), and outlives [`clear`](Session::clear).
    pub fn sign_in_delay(&self) -> Option<u32> {
        self.attempts.delay()
    }

    /// Says that the [delay](Session::sign_in_delay) of the next sign-in is over, where the session is not told the time. It ends a
    /// delay and no refusal; that of the sign-in after it is as long as it would have been.
    pub fn end_sign_in_delay(&mut self) {
        self.attempts.wait(u32::MAX);
    }

    /// Whether the next sign-in begins without cookies, since those that there are may be why the last one was worth nothing: an
    /// ended session was [renewed in vain](crate::CallVerdict::RenewedInVain), or a login that took cookies along was answered
    /// with status 400, 413 or 431 and a page or nothing, as by what finds them too long. They are dropped once: the sign-in
    /// after that keeps what there is again.
    pub fn sign_in_drops_cookies(&self) -> bool {
        self.attempts.has_doubts()
    }

    /// Says that a sign-in may come to something else now: the credentials are others, or what was wrong is mended. Nothing else
    /// does but a sign-in that is good, neither [`clear`](Session::clear) nor a new session that takes the snapshot.
    pub fn allow_sign_in(&mut self) {
        self.attempts = Attempts::NONE;
    }

    /// Whether the session has a CSRF token to send along.
    pub fn has_csrf_token(&self) -> bool {
        authorization::has_csrf_token(&self.jar, &self.context(Path::of_ours("/")))
    }

    /// Whether the session has a token or, by [`use_basic`](Session::use_basic), user name and password to authorise calls
    /// with. Only the site knows whether it still takes them.
    pub fn has_authorization(&self) -> bool {
        !self.authorization(Path::of_ours("/")).is_by_cookies()
    }

    /// Whether there is anything to authorise calls with.
    #[cfg(feature = "embedded-io-07")]
    pub(crate) fn is_signed_in(&self) -> bool {
        self.has_ticket() || self.has_authorization()
    }

    /// When the token expires, in seconds since 1970; none if there is no token, if nothing says how long it lives, or if
    /// the [time](Session::set_time) was not told when it was asked for.
    pub fn token_expires_at(&self) -> Option<u64> {
        authorization::lifetime(&self.jar).map(|lifetime| lifetime.expires_at.into())
    }

    /// Whether it is time for a new token: whether so many seconds from now the token will have expired, or the clock has
    /// gone back behind the moment when the token was asked for, so that nothing is known of its end.
    ///
    /// Without a clock, and without a token whose end is known, the answer is no; then the site's 401 tells
    /// ([`EndSign::TokenRejected`](crate::EndSign::TokenRejected)).
    pub fn needs_token(&self, margin: u32) -> bool {
        authorization::lifetime(&self.jar)
            .zip(self.told.known())
            .is_some_and(|(lifetime, now)| lifetime.is_over(now, margin))
    }

    /// What the session has to ask for a token by, [`Session::token_by_refresh`].
    pub fn refresh_token(&self) -> RefreshToken {
        match (authorization::refresh_token_at(&self.jar).is_empty(), self.attempts.past()) {
            (true, _) => RefreshToken::None,
            (false, 0) => RefreshToken::Kept,
            (false, _) => RefreshToken::MaybeSpent,
        }
    }

    //= 6265bis-7.3-managed
    /// The cookies, the one that was set last at the end.
    pub fn cookies(&self) -> impl Iterator<Item = Cookie<'_>> {
        self.jar.listing().map(Cookie)
    }

    //= 6265bis-5.7-session
    /// Forgets all cookies, or the token, and wipes what it has written to the memory. It ends any exchange that is under way.
    ///
    /// That a sign-in was refused is not forgotten: for another user, or another password, say
    /// [`allow_sign_in`](Session::allow_sign_in) too, or [`sign_in_delay`](Session::sign_in_delay) holds theirs back.
    pub fn clear(&mut self) {
        self.end_exchange();
        self.jar.clear();
        self.attempts.answered_well(); // there is nothing left that a renewal could have been in vain for
    }

    /// Ends the exchange that is under way.
    pub(crate) fn end_exchange(&mut self) {
        self.exchanges = self.exchanges.wrapping_add(1);
    }
}

/// Says how many cookies there are, never what they are.
impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("site", &self.site)
            .field("cookies", &self.cookies().count())
            .field("has_ticket", &self.has_ticket())
            .finish_non_exhaustive()
    }
}

/// A cookie of a [`Session`], without its value, which is a secret.
///
/// ```
/// fn list(session: &creatio_auth::Session<'_>) {
///     for cookie in session.cookies() {
///         println!("{} for {}, {} bytes", cookie.name().escape_ascii(), cookie.path().escape_ascii(), cookie.value_len());
///     }
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Cookie<'s>(Record<'s>);

impl<'s> Cookie<'s> {
    /// The name. It may be empty, and need not be UTF-8.
    pub const fn name(&self) -> &'s [u8] {
        self.0.name()
    }

    /// The path that it is sent to, and below.
    pub const fn path(&self) -> &'s [u8] {
        self.0.path
    }

    /// How many bytes its value has.
    pub const fn value_len(&self) -> usize {
        self.0.value().len()
    }

    /// `Secure`: it goes over TLS only.
    pub fn is_secure(&self) -> bool {
        self.0.is_secure()
    }

    /// `HttpOnly`.
    pub fn is_http_only(&self) -> bool {
        self.0.is_http_only()
    }

    /// Whether its life ends at a date, not with the session. Without a [time](Session::set_time) none does.
    pub fn is_persistent(&self) -> bool {
        self.0.is_persistent()
    }
}

impl fmt::Debug for Cookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("name", &format_args!("{}", self.name().escape_ascii()))
            .field("path", &format_args!("{}", self.path().escape_ascii()))
            .field("value_len", &self.value_len())
            .finish_non_exhaustive()
    }
}
