//! What programs make of names: labels for metrics, keys of maps, settings.

use std::collections::HashMap;

use creatio_auth::client::{Error, Refusal};
use creatio_auth::{
    CallVerdict, EarlierSignIn, EndSign, Fault, LoginPageSign, Malformed, ProbeStep, ReplyError, Runtime, SiteError,
    State, Step, TokenVerdict, UnknownRuntime, Verdict,
};

#[test]
fn each_has_a_label_that_is_its_name() {
    for (label, name) in [
        (Verdict::SecondFactorWanted.name(), "SecondFactorWanted"),
        (Verdict::LoginPage(LoginPageSign::HtmlBody).name(), "LoginPage"),
        (LoginPageSign::HtmlBody.name(), "HtmlBody"),
        (CallVerdict::SessionEnded(EndSign::TokenRejected).name(), "SessionEnded"),
        (EndSign::TokenRejected.name(), "TokenRejected"),
        (TokenVerdict::WrongHost.name(), "WrongHost"),
        (ReplyError::MemoryTooSmall { needed: 7 }.name(), "MemoryTooSmall"),
        (ReplyError::Malformed(Malformed::Tls).name(), "Malformed"),
        (Malformed::Tls.name(), "Tls"),
        (SiteError::RuntimePrefix.name(), "RuntimePrefix"),
        (State::Receiving.name(), "Receiving"),
        (Step::SignInAfter(30).name(), "SignInAfter"),
        (ProbeStep::Found(Runtime::Net).name(), "Found"),
        (Refusal::Login(Verdict::Rejected).name(), "Login"),
        (Error::<()>::SignIn(Refusal::Earlier(EarlierSignIn::Unreadable)).name(), "SignIn"),
        (EarlierSignIn::Login(Verdict::Rejected).name(), "Login"),
        (Refusal::Wait { seconds: 30 }.name(), "Wait"),
        (Error::<()>::Reply(ReplyError::ClosedEarly).name(), "ClosedEarly"),
    ] {
        assert_eq!(label, name);
    }
}

#[test]
fn errors_and_verdicts_are_keys_of_maps() {
    let mut counts = HashMap::new();
    for verdict in [Verdict::Busy, Verdict::Rejected, Verdict::Busy] {
        *counts.entry(verdict).or_insert(0) += 1;
    }
    assert_eq!((counts[&Verdict::Busy], counts[&Verdict::Rejected]), (2, 1));
    let errors = HashMap::from([(Error::Connect(7), 1), (Error::Connect(8), 2), (Error::NotRepeated, 3)]);
    assert_eq!(errors[&Error::Connect(8)], 2);
}

#[test]
fn a_runtime_is_read_and_written_by_the_names_that_settings_have() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        assert_eq!((name.parse(), runtime.to_string()), (Ok(runtime), name.to_owned()));
        assert_eq!(serde_json::to_string(&runtime).unwrap(), format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<Runtime>(&format!("\"{name}\"")).unwrap(), runtime);
    }
    for name in ["", "Net", "net ", "netframework", "NetFramework"] {
        assert_eq!(name.parse::<Runtime>(), Err(UnknownRuntime), "{name}");
    }
    assert_eq!(UnknownRuntime.fault(), Fault::Caller);
    #[cfg(feature = "texts")]
    assert_eq!(UnknownRuntime.text(), "a runtime is net-framework or net");
    #[cfg(feature = "texts")]
    assert_eq!(UnknownRuntime.to_string(), UnknownRuntime.text());
}

#[test]
fn what_is_behind_the_transport_s_error_is_the_source() {
    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);
    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("refused")
        }
    }
    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let error = Error::Connect(Outer("x".parse::<u8>().unwrap_err()));
    assert_eq!(error.to_string(), "no connection: refused");
    let source = std::error::Error::source(&error).expect("there is one");
    assert!(source.is::<std::num::ParseIntError>());
}
