//! What errors and verdicts say: whose fault, in which words, and under which number in C.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};

use creatio_auth::{
    BasicError, BufferTooSmall, CallVerdict, DocumentError, EndSign, Fault, FieldError, LoginPageSign, Malformed,
    Misuse, PathError, ReplyError, SiteError, SnapshotError, TokenVerdict, Verdict, encode_json, encode_query,
};

/// All replies' errors but those of a misuse.
fn of_replies() -> Vec<ReplyError> {
    use ReplyError::{BodyTooLarge, ClosedEarly, ContentEncoding, HeadTooLarge};
    let own = [ClosedEarly, HeadTooLarge, ContentEncoding, BodyTooLarge];
    let malformed = Malformed::ALL.iter().copied().map(ReplyError::from);
    let documents = DocumentError::ALL.iter().copied().map(ReplyError::from);
    own.into_iter().chain(malformed).chain(documents).collect()
}

fn verdicts() -> Vec<Verdict> {
    use Verdict::*;
    let others = [
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
    others.into_iter().chain(LoginPageSign::ALL.iter().copied().map(LoginPage)).collect()
}

fn call_verdicts() -> Vec<CallVerdict> {
    use CallVerdict::*;
    let others = [
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
    others.into_iter().chain(EndSign::ALL.iter().copied().map(SessionEnded)).collect()
}

#[test]
fn what_a_caller_does_wrong_is_its_own_fault_and_a_reply_the_peers() {
    let mut faults = vec![BufferTooSmall { needed: 1 }.fault(), ReplyError::MemoryTooSmall { needed: 1 }.fault()];
    faults.extend(Misuse::ALL.iter().flat_map(|misuse| [misuse.fault(), ReplyError::from(*misuse).fault()]));
    faults.extend(SiteError::ALL.iter().map(SiteError::fault));
    faults.extend(PathError::ALL.iter().map(PathError::fault));
    faults.extend(FieldError::ALL.iter().map(FieldError::fault));
    faults.extend(SnapshotError::ALL.iter().map(SnapshotError::fault));
    faults.extend(BasicError::ALL.iter().map(BasicError::fault));
    assert_eq!(faults, vec![Fault::Caller; faults.len()]);
    for error in of_replies() {
        assert_eq!(error.fault(), Fault::Peer, "{error}");
    }
}

/// The number of each, and no number twice.
#[track_caller]
fn by_number<T: Copy + Debug>(all: &[T], number: impl Fn(&T) -> u8) -> BTreeMap<u8, String> {
    let numbers: BTreeMap<_, _> = all.iter().map(|one| (number(one), format!("{one:?}"))).collect();
    assert_eq!(numbers.len(), all.len(), "two of them have one number: {numbers:?}");
    numbers
}

#[test]
fn each_error_of_a_reply_and_each_verdict_has_a_number_of_its_own_that_stays() {
    let mut errors = of_replies();
    errors.extend(Misuse::ALL.iter().copied().map(ReplyError::from));
    errors.push(ReplyError::MemoryTooSmall { needed: 0 });
    let errors = by_number(&errors, ReplyError::number);
    let own =
        [(7, "MemoryTooSmall { needed: 0 }"), (100, "ClosedEarly"), (101, "HeadTooLarge"), (103, "BodyTooLarge")];
    for (number, name) in [&own[..], &[(102, "ContentEncoding"), (3, "Misuse(OutOfTurn)")]].concat() {
        assert_eq!(errors[&number], name);
    }
    let names = |verdicts: BTreeMap<u8, String>| verdicts.into_values().collect::<Vec<_>>().join(" ");
    // From 1 on: zero is what C's structs are filled with. Those with a sign are the last.
    let verdicts = by_number(&verdicts(), Verdict::number);
    assert_eq!(verdicts.keys().copied().collect::<Vec<_>>(), (1..=18).collect::<Vec<_>>());
    assert_eq!(
        names(verdicts),
        "Authenticated PasswordChangeAdvised Rejected BadCredentials AccessDenied NoTicket UnexpectedStatus UnknownCode \
         NeedGrantLicense NoLicense PasswordExpired SecondFactorWanted AuthenticatorWanted Busy LoginPage(RedirectToLogin) \
         LoginPage(Redirect) LoginPage(HtmlContentType) LoginPage(HtmlBody)"
    );
    let verdicts = by_number(&call_verdicts(), CallVerdict::number);
    assert_eq!(verdicts.keys().copied().collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    assert_eq!(
        names(verdicts),
        "Fine CsrfMissing Forbidden Unauthorized WrongPrefix NotFound Busy Failed NotJson Refused ServerError \
         UnexpectedStatus AccessDenied RenewedInVain SessionEnded(RedirectToLogin) SessionEnded(LoginPage) \
         SessionEnded(AuthenticationFailed) SessionEnded(TokenRejected) SessionEnded(Unauthorized) \
         SessionEnded(NoUserConnection)"
    );
    let verdicts = by_number(TokenVerdict::ALL, TokenVerdict::number);
    assert_eq!(verdicts.keys().copied().collect::<Vec<_>>(), (1..=19).collect::<Vec<_>>());
}

/// A sentence that is no other's; `shared` so many times at the most, where some mean the same to a person.
#[track_caller]
fn says_something(all: impl IntoIterator<Item = impl Display>, shared: usize) {
    let mut texts = BTreeMap::<String, usize>::new();
    for one in all {
        let text = one.to_string();
        assert!(text.len() > 3 && !text.ends_with('.') && !text.contains("  ") && !text.contains('\n'), "{text:?}");
        *texts.entry(text).or_default() += 1;
    }
    let most = texts.values().max();
    assert!(most.is_some_and(|most| *most <= shared), "{texts:?}");
}

#[test]
#[cfg_attr(not(feature = "texts"), ignore)]
fn each_error_and_each_verdict_says_something_of_its_own() {
    says_something(of_replies(), 1);
    says_something(Misuse::ALL.iter().copied().map(ReplyError::from), 1);
    says_something(verdicts(), 2); // two signs of a web page
    says_something(call_verdicts(), EndSign::ALL.len());
    says_something(TokenVerdict::ALL, 1);
    says_something(SiteError::ALL, 1);
    says_something(PathError::ALL, 1);
    says_something(FieldError::ALL, 1);
    says_something(SnapshotError::ALL, 1);
    says_something(BasicError::ALL, 1);
}

#[test]
#[cfg_attr(not(feature = "texts"), ignore)]
fn who_has_too_little_memory_is_told_how_much_is_enough() {
    for text in [
        ReplyError::MemoryTooSmall { needed: 123 }.to_string(),
        SnapshotError::MemoryTooSmall { needed: 123 }.to_string(),
        BasicError::MemoryTooSmall { needed: 123 }.to_string(),
        BufferTooSmall { needed: 123 }.to_string(),
    ] {
        assert!(text.ends_with(" (123 bytes)"), "{text}");
    }
    assert!(!BasicError::Colon.to_string().contains("bytes"));
}

#[test]
fn an_encoded_text_fits_or_says_how_many_bytes_it_takes_and_reads_back() {
    let text = "Name eq 'Ö & \"Co\"'\\\n\u{1}";
    type Encode = fn(&str, &mut [u8]) -> Result<usize, BufferTooSmall>;
    for encode in [encode_json as Encode, encode_query] {
        let needed = encode(text, &mut []).unwrap_err().needed;
        let mut out = vec![0xEE; needed - 1];
        assert_eq!(encode(text, &mut out), Err(BufferTooSmall { needed }));
        assert!(out.iter().all(|byte| *byte == 0xEE), "it is as it was");
        assert_eq!(encode(text, &mut vec![0; needed]), Ok(needed));
    }
    let mut out = [0; 100];
    let len = encode_json(text, &mut out).unwrap();
    let quoted = format!("\"{}\"", std::str::from_utf8(&out[..len]).unwrap());
    assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
    let len = encode_query(text, &mut out).unwrap();
    let url = format!("http://x/?q={}", std::str::from_utf8(&out[..len]).unwrap());
    let read: Vec<_> = url::Url::parse(&url).unwrap().query_pairs().into_owned().collect();
    assert_eq!(read, [("q".to_owned(), text.to_owned())]);
}
