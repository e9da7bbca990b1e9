//! A session that owns its memory, and the texts of its site: for gateways, which keep many of them in a map.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec;
use core::fmt;
use core::ops::{Deref, DerefMut};

use zeroize::Zeroizing;

use super::Session;
use super::defaults::DEFAULT_USER_AGENT;
use crate::cookie::jar::Jar;
use crate::site::Site;

/// A session that owns its memory: it refers to nothing, may go to another thread, and may be kept in a map.
///
/// Whoever works with it has it [lent](OwnedSession::lend) as a [`Session`]. A client borrows that; the connection goes on to the next
/// client where a `client::transports::Kept` stands beside the session.
///
/// ```
/// use std::collections::HashMap;
///
/// use creatio_auth::{Call, OwnedSession, Runtime, Site};
///
/// let mut tenants = HashMap::new();
/// for name in ["one", "two"] {
///     let url = format!("https://{name}.creatio.com");
///     tenants.insert(name, OwnedSession::new(Site::parse(&url, Runtime::Net)?, 4096));
/// }
/// let mut session = tenants.get_mut("two").expect("it is there").lend();
/// let exchange = session.call(&Call::ping());
/// # let _ = exchange;
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
///
/// Its memory, and the caller's own fields, are wiped when it is dropped.
pub struct OwnedSession {
    texts: Texts,
    memory: Zeroizing<Box<[u8]>>,
    kept: Kept,
}

/// What a lent session refers to.
struct Texts {
    host: Box<str>,
    base_path: Box<str>,
    user_agent: Cow<'static, str>,
    field_lines: FieldLines,
}

/// They may have a gateway's key in them.
type FieldLines = Zeroizing<Box<str>>;

/// What is kept while the session is not lent.
struct Kept {
    /// It has no memory and no texts.
    session: Session<'static>,
    /// `User-Agent` and field lines, where they were set anew.
    set: Option<(Box<str>, FieldLines)>,
}

impl OwnedSession {
    /// A session with a site, without any cookies yet, in memory of so many bytes: see the table at [`Session`].
    pub fn new(site: Site<'_>, memory_len: usize) -> Self {
        OwnedSession {
            texts: Texts {
                host: site.host().into(),
                base_path: site.base_path().into(),
                user_agent: Cow::Borrowed(DEFAULT_USER_AGENT),
                field_lines: Zeroizing::default(),
            },
            memory: vec![0; memory_len].into_boxed_slice().into(),
            kept: Kept { session: Session::new(site.with_texts("", ""), &mut []), set: None },
        }
    }

    /// The session, to work with until it is dropped. An exchange that is under way then ends.
    ///
    /// Where it is not dropped but [forgotten](core::mem::forget), so are its cookies.
    pub fn lend(&mut self) -> LentSession<'_> {
        if let Some((user_agent, field_lines)) = self.kept.set.take() {
            self.texts.user_agent = Cow::Owned(user_agent.into());
            self.texts.field_lines = field_lines;
        }
        let (texts, kept) = (&self.texts, &mut self.kept.session);
        let jar = core::mem::replace(&mut kept.jar, Jar::unknown(self.memory.len()));
        let session = Session {
            site: kept.site.with_texts(&texts.host, &texts.base_path),
            jar: jar.with_memory(&mut self.memory),
            user_agent: &texts.user_agent,
            field_lines: &texts.field_lines,
            ..*kept
        };
        LentSession { session, texts, kept: &mut self.kept }
    }
}

/// Says where it belongs, never what it has.
impl fmt::Debug for OwnedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedSession").field("host", &self.texts.host).finish_non_exhaustive()
    }
}

/// An [`OwnedSession`] while somebody works with it: a [`Session`].
///
/// ```
/// use creatio_auth::{OwnedSession, Runtime, Site};
///
/// let site = Site::parse("https://crm.example.com", Runtime::Net)?;
/// let mut owned = OwnedSession::new(site, 4096);
/// let mut session = owned.lend();
/// session.set_time(1_795_308_774); // whatever a session does
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
pub struct LentSession<'s> {
    session: Session<'s>,
    texts: &'s Texts,
    kept: &'s mut Kept,
}

impl<'s> Deref for LentSession<'s> {
    type Target = Session<'s>;

    fn deref(&self) -> &Session<'s> {
        &self.session
    }
}

impl DerefMut for LentSession<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.session
    }
}

impl Drop for LentSession<'_> {
    fn drop(&mut self) {
        let session = &mut self.session;
        session.end_exchange();
        self.kept.session = Session {
            site: session.site.with_texts("", ""),
            jar: session.jar.take_apart(),
            user_agent: "",
            field_lines: "",
            ..*session
        };
        if (session.user_agent, session.field_lines) != (&self.texts.user_agent, &self.texts.field_lines) {
            self.kept.set = Some((session.user_agent.into(), Zeroizing::new(session.field_lines.into())));
        }
    }
}

impl fmt::Debug for LentSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}
