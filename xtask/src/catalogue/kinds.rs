//! What there is of errors and verdicts, as the crate itself says it.

use anyhow::{Context, Result, bail, ensure};
use creatio_auth::client::{Error, Needed, Refusal};
use creatio_auth::typed::TypedCause;
use creatio_auth::{
    Again, AuthorizationVerdict, BasicError, BatchError, BufferTooSmall, CallVerdict, DocumentError, EarlierSignIn,
    EndSign, Fault, FieldError, LoginPageSign, Malformed, Misuse, NtlmError, OauthHealthVerdict, PathError,
    RefreshToken, ReplyError, SiteError, SnapshotError, TokenVerdict, UnknownRuntime, Verdict, WindowsVerdict,
};

use super::source::{self, Enumeration};
use super::words::*;
use crate::header::{Item, Kind};

/// A table of the page, or, without entries, words above those that follow.
pub struct Table {
    pub title: &'static str,
    /// Whether it is a part of what comes before it.
    pub is_part: bool,
    pub introduction: String,
    pub entries: Vec<Entry>,
}

pub struct Entry {
    /// In C.
    pub number: Option<i32>,
    pub c: Option<String>,
    pub rust: Vec<String>,
    pub says: String,
    /// Whose.
    pub fault: Option<&'static str>,
    pub again: &'static str,
    pub cause: String,
}

impl Entry {
    /// What its remedy stands under.
    pub fn key(&self) -> &str {
        self.c.as_ref().or(self.rust.first()).map_or("", String::as_str)
    }
}

/// One of Rust's.
struct Fact {
    name: String,
    number: u8,
    says: String,
    fault: Option<Fault>,
    again: Again,
}

/// Of an enumeration that lists all that it has.
macro_rules! all_of {
    ($of:ident, |$each:ident| $fault:expr, $again:expr) => {
        $of::ALL.iter().map(|$each| Fact {
            name: format!("{}::{}", stringify!($of), $each.name()),
            number: $each.number(),
            says: $each.text().to_owned(),
            fault: $fault,
            again: $again,
        })
    };
}

/// Of one that does not, these.
macro_rules! these_of {
    ($of:ident, $all:expr, |$each:ident| $number:expr, $fault:expr, $again:expr) => {
        $all.into_iter().map(|$each| Fact {
            name: format!("{}::{}", stringify!($of), $each.name()),
            number: $number,
            says: $each.text().to_owned(),
            fault: $fault,
            again: $again,
        })
    };
}

/// All tables, in the order of the page.
pub fn tables(header: &[Item], ours: &[(String, String)], crate_: &[Enumeration]) -> Result<Vec<Table>> {
    let mut tables = statuses(header, ours)?;
    let verdicts = |title, of_c, introduction: &str, facts| {
        anyhow::Ok(Table {
            title,
            is_part: false,
            introduction: introduction.to_owned(),
            entries: of_both(header, of_c, facts)?,
        })
    };
    tables.push(verdicts("Verdicts about a login", "creatio_login_verdict", LOGIN, logins())?);
    let (of_both, of_clients) = windows();
    let mut table =
        verdicts("Verdicts about a login by Windows authentication", "creatio_windows_verdict", WINDOWS, of_both)?;
    table.entries.extend(of_rust("", "", vec![of_clients], crate_)?.entries);
    tables.push(table);
    tables.push(verdicts("Verdicts about a call", "creatio_call_verdict", CALL, calls())?);
    let token = all_of!(TokenVerdict, |each| None, each.again()).collect();
    tables.push(verdicts("Verdicts about a token", "creatio_token_verdict", TOKEN, token)?);
    let back = all_of!(AuthorizationVerdict, |each| None, each.again()).collect();
    tables.push(verdicts(
        "Verdicts about what a browser comes back to",
        "creatio_authorization_verdict",
        BACK,
        back,
    )?);
    let refresh = all_of!(RefreshToken, |each| None, Again::No).collect();
    tables.push(verdicts("What is known of a refresh token", "creatio_refresh_token", REFRESH, refresh)?);
    let health = all_of!(OauthHealthVerdict, |each| None, each.again()).collect();
    tables.push(verdicts("Verdicts about a site's OAuth", "creatio_oauth_health_verdict", HEALTH, health)?);
    tables.push(of_rust("Errors of the clients", CLIENT, clients(), crate_)?);
    tables.push(of_rust("Why a client has not signed in", REFUSAL, refusals(), crate_)?);
    tables.push(of_rust("What an earlier sign-in has come to", EARLIER, earlier(), crate_)?);
    tables.push(of_rust("Errors of typed bodies", TYPED, typed(), crate_)?);
    let runtime = Fact {
        name: "UnknownRuntime".to_owned(),
        number: 0,
        says: UnknownRuntime.text().to_owned(),
        fault: Some(UnknownRuntime.fault()),
        again: Again::No,
    };
    tables.push(of_rust("Names of runtimes", "", vec![runtime], crate_)?);
    Ok(tables)
}

fn statuses(header: &[Item], ours: &[(String, String)]) -> Result<Vec<Table>> {
    let facts = errors();
    let mut tables = vec![Table {
        title: "Statuses and errors",
        is_part: false,
        introduction: STATUSES.to_owned(),
        entries: Vec::new(),
    }];
    tables.extend(GROUPS.iter().map(|(title, _, introduction)| Table {
        title,
        is_part: true,
        introduction: (*introduction).to_owned(),
        entries: Vec::new(),
    }));
    for (name, number, words) in members(header, "creatio_status")? {
        let of_rust: Vec<&Fact> = facts.iter().filter(|fact| i32::from(fact.number) == -number).collect();
        let text = ours.iter().find(|(of, _)| *of == name).map(|(_, text)| text);
        let says = of_rust.first().map(|fact| &fact.says).or(text).with_context(|| format!("{name} has no text"))?;
        let fault = (number < 0).then_some(if number <= -100 { Fault::Peer } else { Fault::Caller });
        ensure!(of_rust.iter().all(|fact| fact.fault == fault), "{name}: whose fault is it?");
        let group =
            GROUPS.iter().position(|(_, last, _)| number >= *last).with_context(|| format!("group of {name}"))?;
        tables[1 + group].entries.push(Entry {
            number: Some(number),
            says: says.clone(),
            fault: fault.map(whose),
            again: again(of_rust.first().map_or(Again::No, |fact| fact.again)),
            rust: of_rust.iter().map(|fact| fact.name.clone()).collect(),
            cause: words.strip_prefix("Malformed reply: ").map_or(words.clone(), capitalised),
            c: Some(name),
        });
    }
    Ok(tables)
}

/// The errors that C has by its statuses.
fn errors() -> Vec<Fact> {
    let mut all: Vec<Fact> = Vec::new();
    all.extend(all_of!(Misuse, |each| Some(each.fault()), ReplyError::Misuse(*each).again()));
    let of_replies = [
        ReplyError::MemoryTooSmall { needed: 0 },
        ReplyError::ClosedEarly,
        ReplyError::HeadTooLarge,
        ReplyError::ContentEncoding,
        ReplyError::BodyTooLarge,
    ];
    all.extend(these_of!(ReplyError, of_replies, |each| each.number(), Some(each.fault()), each.again()));
    all.push(Fact {
        name: "BufferTooSmall".to_owned(),
        number: Misuse::EmptyBuffer.number(),
        says: BufferTooSmall { needed: 0 }.text().to_owned(),
        fault: Some(BufferTooSmall { needed: 0 }.fault()),
        again: Again::No,
    });
    all.extend(all_of!(BatchError, |each| Some(each.fault()), Again::No));
    all.extend(all_of!(SiteError, |each| Some(each.fault()), Again::No));
    all.extend(all_of!(PathError, |each| Some(each.fault()), Again::No));
    all.extend(all_of!(FieldError, |each| Some(each.fault()), Again::No));
    all.extend(all_of!(SnapshotError, |each| Some(each.fault()), Again::No));
    all.extend(all_of!(BasicError, |each| Some(each.fault()), Again::No));
    all.extend(all_of!(NtlmError, |each| Some(each.fault()), Again::No));
    let malformed = |each: &Malformed| ReplyError::Malformed(*each);
    all.extend(all_of!(Malformed, |each| Some(malformed(each).fault()), malformed(each).again()));
    let document = |each: &DocumentError| ReplyError::Document(*each);
    all.extend(all_of!(DocumentError, |each| Some(document(each).fault()), document(each).again()));
    all
}

fn logins() -> Vec<Fact> {
    use Verdict::*;
    let all = [
        Authenticated,
        PasswordChangeAdvised,
        Rejected,
        BadCredentials,
        AccessDenied,
        NoTicket,
        UnexpectedStatus,
        UnknownCode,
        NeedGrantLicense,
        NoLicense,
        PasswordExpired,
        SecondFactorWanted,
        AuthenticatorWanted,
        Busy,
    ];
    let signs = all_of!(LoginPageSign, |each| None, LoginPage(*each).again());
    these_of!(Verdict, all, |each| each.number(), None, each.again()).chain(signs).collect()
}

/// Those of both, and that of the clients alone.
fn windows() -> (Vec<Fact>, Fact) {
    use WindowsVerdict::*;
    let fact = |verdict: WindowsVerdict, variant: &str, says: &str| Fact {
        name: format!("WindowsVerdict::{variant}"),
        number: verdict.number(),
        says: says.to_owned(),
        fault: None,
        again: verdict.again(),
    };
    let own = |verdict: WindowsVerdict| fact(verdict, verdict.name(), verdict.text());
    let login = fact(Login(Verdict::Authenticated), "Login", "what the verdict about the login says");
    let others =
        [ChallengeReceived, TokenWanted, Refused, SchemeNotOffered, BasicWanted, MalformedChallenge].map(own);
    ([login].into_iter().chain(others).collect(), own(ConnectionClosed))
}

fn calls() -> Vec<Fact> {
    use CallVerdict::*;
    let all = [
        Fine,
        CsrfMissing,
        Forbidden,
        Unauthorized,
        WrongPrefix,
        NotFound,
        Busy,
        Failed,
        NotJson,
        Refused,
        ServerError,
        UnexpectedStatus,
        AccessDenied,
        RenewedInVain,
    ];
    let signs = all_of!(EndSign, |each| None, SessionEnded(*each).again());
    these_of!(CallVerdict, all, |each| each.number(), None, each.again()).chain(signs).collect()
}

fn clients() -> Vec<Fact> {
    use Error::*;
    let all: [Error<()>; 8] = [
        Connect(()),
        Transport(()),
        NotRepeated,
        BodyLength,
        BodyTooLong { needed: Needed::Bytes(0) },
        NoList,
        LinkCut,
        LinkElsewhere,
    ];
    these_of!(Error, all, |each| 0, Some(each.fault()), each.again()).collect()
}

fn refusals() -> Vec<Fact> {
    let fact = |refusal: Refusal| {
        let error = Error::<()>::SignIn(refusal);
        Fact {
            name: format!("Refusal::{}", refusal.name()),
            number: 0,
            says: refusal.to_string(),
            fault: Some(error.fault()),
            again: error.again(),
        }
    };
    [
        Refusal::Earlier(EarlierSignIn::Unreadable),
        Refusal::Wait { seconds: 30 },
        Refusal::Withheld,
        Refusal::NotSaved,
        Refusal::NotApproved,
    ]
    .map(fact)
    .into()
}

fn earlier() -> Vec<Fact> {
    use EarlierSignIn::*;
    let all = [
        Login(Verdict::Rejected),
        Token(TokenVerdict::InvalidClient),
        Windows(WindowsVerdict::Refused),
        Unreadable,
        Lost,
    ];
    let fact = |earlier: EarlierSignIn| Fact {
        name: format!("EarlierSignIn::{}", earlier.name()),
        number: 0,
        says: match earlier {
            Login(_) | Token(_) | Windows(_) => "what the verdict says".to_owned(),
            _ => earlier.text().to_owned(),
        },
        fault: None,
        again: Again::No,
    };
    all.map(fact).into()
}

fn typed() -> Vec<Fact> {
    use TypedCause::*;
    let all = [
        BufferTooSmall { needed: 0 },
        Key,
        Refused,
        WrongType,
        TooLong,
        Missing,
        Doubled,
        UnknownVariant,
        Escaped,
        ScratchTooSmall { needed: 0 },
        Unsupported,
    ];
    these_of!(TypedCause, all, |each| 0, Some(each.fault()), Again::No).collect()
}

/// The members of an enumeration of C's: names, numbers and words.
fn members(header: &[Item], of_c: &str) -> Result<Vec<(String, i32, String)>> {
    let item = header.iter().find(|item| item.name == of_c).with_context(|| format!("C has no {of_c}"))?;
    let Kind::Enumeration { members } = &item.kind else { bail!("{of_c} is no enumeration") };
    let member = |member: &crate::header::Member| {
        let (name, number) = member.declaration.split_once(" = ").context("a member without a number")?;
        anyhow::Ok((name.to_owned(), number.parse()?, member.words.join(" ")))
    };
    members.iter().map(member).collect()
}

/// Of what C has as well, by the numbers.
fn of_both(header: &[Item], of_c: &str, facts: Vec<Fact>) -> Result<Vec<Entry>> {
    let members = members(header, of_c)?;
    ensure!(members.len() == facts.len(), "{of_c} has {} members, and Rust {}", members.len(), facts.len());
    let entry = |(name, number, cause): (String, i32, String)| {
        let fact = facts.iter().find(|fact| i32::from(fact.number) == number).context(name.clone())?;
        Ok(Entry {
            number: Some(number),
            c: Some(name),
            rust: vec![fact.name.clone()],
            says: fact.says.clone(),
            fault: fact.fault.map(whose),
            again: again(fact.again),
            cause,
        })
    };
    members.into_iter().map(entry).collect()
}

/// Of what Rust alone has.
fn of_rust(title: &'static str, introduction: &str, facts: Vec<Fact>, crate_: &[Enumeration]) -> Result<Table> {
    let entry = |fact: Fact| {
        anyhow::Ok(Entry {
            number: None,
            c: None,
            cause: source::words(crate_, &fact.name)?.to_owned(),
            rust: vec![fact.name],
            says: fact.says,
            fault: fact.fault.map(whose),
            again: again(fact.again),
        })
    };
    let entries = facts.into_iter().map(entry).collect::<Result<_>>()?;
    Ok(Table { title, is_part: false, introduction: introduction.to_owned(), entries })
}

fn whose(fault: Fault) -> &'static str {
    match fault {
        Fault::Caller => "caller",
        Fault::Peer => "peer",
    }
}

fn again(again: Again) -> &'static str {
    match again {
        Again::No => "no",
        Again::IfRepeatable => "if repeatable",
        Again::Yes => "yes",
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
