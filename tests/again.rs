//! Whether a request may be sent again: for each verdict and each error.

use creatio_auth::{Again, CallVerdict, EndSign, LoginPageSign, Misuse, ReplyError, TokenVerdict, Verdict};

use Again::{IfRepeatable, No, Yes};

#[test]
fn a_call_may_be_sent_again_where_the_verdict_says_that_it_was_not_done_or_that_nobody_knows() {
    use CallVerdict::*;
    for (verdict, again) in [
        (Fine, No),
        (SessionEnded(EndSign::RedirectToLogin), Yes),
        (SessionEnded(EndSign::LoginPage), IfRepeatable),
        (SessionEnded(EndSign::AuthenticationFailed), Yes),
        (SessionEnded(EndSign::TokenRejected), Yes),
        (SessionEnded(EndSign::Unauthorized), Yes),
        (SessionEnded(EndSign::NoUserConnection), IfRepeatable),
        (CsrfMissing, Yes),
        (Forbidden, No),
        (Unauthorized, No),
        (WrongPrefix, No),
        (NotFound, No),
        (Busy, IfRepeatable),
        (Failed, No),
        (NotJson, No),
        (Refused, No),
        (ServerError, IfRepeatable),
        (UnexpectedStatus, No),
        (AccessDenied, No),
        (RenewedInVain, IfRepeatable),
    ] {
        assert_eq!(verdict.again(), again, "{verdict:?}");
    }
}

/// Whoever repeats a refused one locks the account.
#[test]
fn a_sign_in_may_be_sent_again_only_where_nobody_has_judged_it() {
    use Verdict::*;
    for verdict in [
        Authenticated,
        PasswordChangeAdvised,
        Rejected,
        BadCredentials,
        AccessDenied,
        LoginPage(LoginPageSign::RedirectToLogin),
        LoginPage(LoginPageSign::Redirect),
        LoginPage(LoginPageSign::HtmlContentType),
        LoginPage(LoginPageSign::HtmlBody),
        NoTicket,
        UnexpectedStatus,
        UnknownCode,
        NeedGrantLicense,
        NoLicense,
        PasswordExpired,
        SecondFactorWanted,
        AuthenticatorWanted,
    ] {
        assert_eq!(verdict.again(), No, "{verdict:?}");
    }
    assert_eq!(Busy.again(), Yes);
    for verdict in TokenVerdict::ALL {
        assert_eq!(verdict.again(), if *verdict == TokenVerdict::Busy { Yes } else { No }, "{verdict:?}");
    }
}

#[test]
fn a_person_may_be_asked_again_where_the_service_has_failed() {
    use creatio_auth::AuthorizationVerdict;
    for verdict in AuthorizationVerdict::ALL {
        let is_for_now =
            matches!(verdict, AuthorizationVerdict::ServerError | AuthorizationVerdict::TemporarilyUnavailable);
        assert_eq!(verdict.again(), if is_for_now { Yes } else { No }, "{verdict:?}");
    }
}

#[test]
fn of_the_errors_a_connection_that_was_cut_alone_may_be_tried_again() {
    let others = [
        ReplyError::Misuse(Misuse::OutOfTurn),
        ReplyError::MemoryTooSmall { needed: 9 },
        ReplyError::HeadTooLarge,
        ReplyError::ContentEncoding,
        ReplyError::BodyTooLarge,
    ];
    let malformed = creatio_auth::Malformed::ALL.iter().map(|what| ReplyError::Malformed(*what));
    let documents = creatio_auth::DocumentError::ALL.iter().map(|what| ReplyError::Document(*what));
    for error in others.into_iter().chain(malformed).chain(documents) {
        assert_eq!(error.again(), No, "{error:?}");
    }
    assert_eq!(ReplyError::ClosedEarly.again(), IfRepeatable);
}

#[cfg(feature = "embedded-io-07")]
#[test]
fn what_a_client_could_not_send_may_be_sent_and_what_it_did_send_only_where_it_is_repeatable() {
    use creatio_auth::EarlierSignIn;
    use creatio_auth::client::{Error, Needed, Refusal};
    for (error, again) in [
        (Error::Connect(()), Yes),
        (Error::Transport(()), IfRepeatable),
        (Error::Reply(ReplyError::ClosedEarly), IfRepeatable),
        (Error::Reply(ReplyError::HeadTooLarge), No),
        (Error::SignIn(Refusal::Login(Verdict::Busy)), Yes),
        (Error::SignIn(Refusal::Token(TokenVerdict::Busy)), Yes),
        (Error::SignIn(Refusal::Login(Verdict::Rejected)), No),
        (Error::SignIn(Refusal::Earlier(EarlierSignIn::Lost)), No),
        (Error::SignIn(Refusal::Wait { seconds: 30 }), Yes),
        (Error::NotRepeated, IfRepeatable),
        (Error::BodyLength, No),
        (Error::BodyTooLong { needed: Needed::Bytes(9) }, No),
        (Error::NoList, No),
        (Error::LinkCut, No),
        (Error::LinkElsewhere, No),
        (Error::Verdict(CallVerdict::Busy), IfRepeatable),
        (Error::Verdict(CallVerdict::Fine), No),
    ] {
        assert_eq!(error.again(), again, "{error:?}");
    }
}
