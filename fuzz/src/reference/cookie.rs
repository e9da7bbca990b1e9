//! The cookies of one site as RFC 6265bis has them, with the limits and the clocks that the library documents.

use super::date;

/// 400 days: no cookie lives longer (5.5).
const LONGEST: u64 = 400 * 86_400;

/// The most cookies that are kept.
pub const MOST: usize = 64;

/// 2026-01-01: what is before it is past, where nobody knows the time.
const EPOCH: u64 = 1_767_225_600;

#[derive(Clone, Debug, PartialEq)]
pub struct Cookie {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    /// None for this host alone.
    domain: Option<Vec<u8>>,
    pub path: Vec<u8>,
    pub is_secure: bool,
    pub is_http_only: bool,
    /// None where it lives as long as the session.
    pub expires: Option<u64>,
    /// When it was set first, and when last.
    created: u64,
    pub set: u64,
}

impl Cookie {
    fn is_same(&self, other: &Cookie) -> bool {
        (&self.name, &self.domain, &self.path) == (&other.name, &other.domain, &other.path)
    }
}

/// A cookie of a reply.
struct Staged {
    cookie: Cookie,
    /// For how many seconds, where it says so.
    lives: Option<u64>,
    /// It is over whatever the time is.
    is_over: bool,
}

/// What has told the time, in seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Clock {
    /// By which cookies live.
    now: Option<u64>,
    /// What the caller said last, and what the site said then.
    told: Option<u64>,
    date: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Jar {
    host: Vec<u8>,
    is_https: bool,
    clock: Clock,
    pub cookies: Vec<Cookie>,
    /// How many times one was set.
    pub sets: u64,
}

#[derive(Default)]
struct SetCookie {
    name: Vec<u8>,
    value: Vec<u8>,
    domain: Option<Vec<u8>>,
    path: Option<Vec<u8>>,
    expires: Option<u64>,
    max_age: Option<u64>,
    is_secure: bool,
    is_http_only: bool,
}

fn trim(text: &[u8]) -> &[u8] {
    let is_white = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = text.iter().position(|byte| !is_white(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_white(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// 5.6
fn parse(line: &[u8]) -> Option<SetCookie> {
    if line.iter().any(|byte| *byte < 9 || (10..32).contains(byte) || *byte == 127) {
        return None;
    }
    let mut parts = line.split(|byte| *byte == b';');
    let pair = parts.next().unwrap_or_default();
    let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
        Some(at) => (trim(&pair[..at]), trim(&pair[at + 1..])),
        None => (&b""[..], trim(pair)),
    };
    if name.len() + value.len() == 0 || name.len() + value.len() > 4096 {
        return None;
    }
    let mut cookie = SetCookie { name: name.to_vec(), value: value.to_vec(), ..SetCookie::default() };
    for part in parts {
        let at = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
        let name = trim(&part[..at]).to_ascii_lowercase();
        let value = trim(part.get(at + 1..).unwrap_or_default());
        if value.len() > 1024 {
            continue;
        }
        match &name[..] {
            b"expires" => cookie.expires = date::read(value).or(cookie.expires),
            b"max-age" => cookie.max_age = seconds(value).or(cookie.max_age),
            b"domain" => {
                let domain = value.strip_prefix(b".").filter(|rest| !rest.is_empty()).unwrap_or(value);
                cookie.domain = Some(domain.to_ascii_lowercase()).filter(|domain| !domain.is_empty());
            }
            b"path" => cookie.path = Some(value.to_vec()).filter(|path| path.starts_with(b"/")),
            b"secure" => cookie.is_secure = true,
            b"httponly" => cookie.is_http_only = true,
            _ => {}
        }
    }
    Some(cookie)
}

/// 5.6.2: a number below 1 is the past.
fn seconds(value: &[u8]) -> Option<u64> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if digits.len() < value.len() {
        return Some(0);
    }
    let digits = std::str::from_utf8(digits).ok()?;
    Some(digits.parse::<u128>().map_or(LONGEST, |seconds| seconds.min(LONGEST.into()) as u64))
}

impl Jar {
    pub fn new(host: &str, is_https: bool) -> Self {
        let host = host.to_ascii_lowercase().into_bytes();
        Jar { host, is_https, clock: Clock::default(), cookies: Vec::new(), sets: 0 }
    }

    fn is_address(&self) -> bool {
        self.host.starts_with(b"[") || self.host.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    }

    /// 5.1.3
    fn is_domain(&self, domain: &[u8]) -> bool {
        if self.host == domain {
            return true;
        }
        let before = self.host.strip_suffix(domain);
        before.is_some_and(|before| before.ends_with(b".") && !self.is_address())
    }

    /// The caller tells the time. What has passed is counted from what it said last or, if that is nearer, from what the site
    /// said then; a step of more than 400 days, or back, is none.
    pub fn set_time(&mut self, told: u64) {
        let clock = &mut self.clock;
        let before = clock.told;
        let date = clock.date.or(before);
        if let (Some(before), Some(date)) = (before, date) {
            let since = if told.abs_diff(date) < told.abs_diff(before) { date } else { before };
            let passed = told.saturating_sub(since);
            let passed = if passed > LONGEST { 0 } else { passed };
            clock.now = clock.now.map(|now| now + passed);
            clock.date = clock.date.map(|date| date + passed);
        }
        clock.now = clock.now.or(Some(told));
        clock.told = Some(told);
    }

    /// An exchange begins: what is over goes.
    pub fn begin(&mut self) {
        if let Some(now) = self.clock.now {
            self.cookies.retain(|cookie| cookie.expires.is_none_or(|end| end > now));
        }
    }

    /// A reply has come: its `Set-Cookie` lines, its `Date`, and the path that was asked for.
    ///
    /// `Date` may come behind the cookies. So what a reply says last of a cookie counts, in the place of what it says first,
    /// but for one that is over whatever the time: one that is set after it is another.
    pub fn take<'l>(&mut self, lines: impl Iterator<Item = &'l [u8]>, date: Option<u64>, path: &str) {
        let mut staged: Vec<Staged> = Vec::new();
        for cookie in lines.filter_map(parse) {
            let Some(mut new) = self.stage(cookie, date, path) else { continue };
            let gives_way = |old: &Staged| old.cookie.is_same(&new.cookie) && (new.is_over || !old.is_over);
            match staged.iter().rposition(gives_way) {
                Some(at) => {
                    new.cookie.created = staged[at].cookie.created;
                    staged[at] = new;
                }
                None => staged.push(new),
            }
        }
        // Which of a reply's comes first matters where there are too many, and is the jar's choice: the one with the longer path.
        staged.sort_by_key(|staged| std::cmp::Reverse(staged.cookie.path.len()));
        for Staged { cookie, lives, .. } in staged {
            self.store(cookie, lives);
        }
        if self.clock.told.is_some() {
            self.clock.date = date.or(self.clock.date);
        }
    }

    /// 5.7, up to where the cookie is known; none for one that is ignored.
    fn stage(&mut self, new: SetCookie, date: Option<u64>, path: &str) -> Option<Staged> {
        let named = if new.name.is_empty() { &new.value } else { &new.name };
        let begins =
            |prefix: &str| named.get(..prefix.len()).is_some_and(|n| n.eq_ignore_ascii_case(prefix.as_bytes()));
        let (is_host, is_secure) = (begins("__Host-"), begins("__Secure-"));
        if (is_host || is_secure) && (new.name.is_empty() || !new.is_secure)
            || is_host && (new.domain.is_some() || new.path.as_deref() != Some(b"/"))
            || new.is_secure && !self.is_https
            || new.domain.as_ref().is_some_and(|domain| !self.is_domain(domain))
        {
            return None;
        }
        let now = self.clock.now;
        let by = date.or(self.clock.date).unwrap_or(now.unwrap_or(0).max(EPOCH));
        let (lives, is_over) = match (new.max_age, new.expires) {
            (Some(age), _) => (Some(age), age == 0),
            (None, Some(end)) => (Some(end.saturating_sub(by).min(LONGEST)), end <= EPOCH),
            (None, None) => (None, false),
        };
        self.sets += 1;
        let cookie = Cookie {
            name: new.name,
            value: new.value,
            domain: new.domain,
            path: new.path.unwrap_or_else(|| default_path(path)),
            is_secure: new.is_secure,
            is_http_only: new.is_http_only,
            expires: lives.and_then(|lives| Some(now? + lives)),
            created: self.sets,
            set: self.sets,
        };
        Some(Staged { cookie, lives, is_over })
    }

    /// The rest of 5.7.
    fn store(&mut self, cookie: Cookie, lives: Option<u64>) {
        let same = self.cookies.iter().position(|old| old.is_same(&cookie));
        match (same, lives) {
            (Some(at), Some(0)) => {
                self.cookies.remove(at);
            }
            (None, Some(0)) => {}
            (Some(at), _) => self.cookies[at] = Cookie { created: self.cookies[at].created, ..cookie },
            (None, _) => {
                if self.cookies.len() >= MOST {
                    let oldest = (0..self.cookies.len()).min_by_key(|at| self.cookies[*at].set);
                    self.cookies.remove(oldest.unwrap_or_default());
                }
                self.cookies.push(cookie);
            }
        }
    }

    /// 5.8.3: those that go to a path, in their order.
    pub fn sent(&self, path: &str) -> Vec<&Cookie> {
        let mut sent: Vec<_> = self
            .cookies
            .iter()
            .filter(|cookie| {
                (self.is_https || !cookie.is_secure)
                    && cookie.expires.is_none_or(|end| self.clock.now.is_none_or(|now| end > now))
                    && path_matches(path.as_bytes(), &cookie.path)
            })
            .collect();
        sent.sort_by_key(|cookie| (std::cmp::Reverse(cookie.path.len()), cookie.created));
        sent
    }

    /// The `Cookie` field's value.
    pub fn field(&self, path: &str) -> Vec<u8> {
        let pairs = self.sent(path).into_iter().map(|cookie| match &cookie.name[..] {
            [] => cookie.value.clone(),
            name => [name, b"=", &cookie.value].concat(),
        });
        pairs.collect::<Vec<_>>().join(&b"; "[..])
    }

    /// The one of this name that was set last and goes to the path, unless it is empty.
    pub fn newest(&self, name: impl AsRef<[u8]>, path: &str) -> Option<&Cookie> {
        let sent = self.sent(path).into_iter().filter(|cookie| cookie.name.eq_ignore_ascii_case(name.as_ref()));
        sent.max_by_key(|cookie| cookie.set).filter(|cookie| !cookie.value.is_empty())
    }
}

/// 5.1.4
fn default_path(path: &str) -> Vec<u8> {
    match path.rfind('/') {
        None | Some(0) => b"/".to_vec(),
        Some(at) => path.as_bytes()[..at].to_vec(),
    }
}

/// 5.1.4
fn path_matches(path: &[u8], cookie_path: &[u8]) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with(b"/") || rest.starts_with(b"/"))
}
