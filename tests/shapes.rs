//! Every shape that a failed call and an ended session have, over real connections to the emulator.

mod support;

use creatio_auth::{Answer, Call, CallVerdict, EndSign, Path};
use creatio_emulator::{Emulator, EndedSession, LoginPage, OdataFailure, Options, Runtime, ServiceFailure};
use support::wire::{Client, Outcome, transfer};

fn create() -> Call<'static> {
    Call::post(Path::site("/odata/Contact").unwrap()).with_json(br#"{"Name":"Ann"}"#)
}

/// Looks at the answer to a call, after a login.
fn answered(options: Options, call: &Call<'_>, look: impl FnOnce(Answer<'_>)) {
    let emulator = Emulator::start(options).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    let mut exchange = client.session.call(call);
    transfer(&mut client.session, &mut exchange).unwrap();
    look(exchange.call_result(&client.session).unwrap());
}

/// How the emulator ends sessions, and what shows it.
fn ends() -> Vec<(EndedSession, LoginPage, EndSign)> {
    use EndedSession as Ended;
    let pages = [LoginPage::Form, LoginPage::Shell, LoginPage::Ssp, LoginPage::SspWithoutReturnUrl];
    let redirects = pages.map(|page| (Ended::Redirect, page, EndSign::RedirectToLogin));
    let shown = pages.map(|page| (Ended::LoginPage, page, EndSign::LoginPage));
    let others = [
        (Ended::Status401, EndSign::AuthenticationFailed),
        (Ended::Status401Empty, EndSign::Unauthorized),
        (Ended::Status401Page, EndSign::Unauthorized),
        (Ended::NoUserConnection, EndSign::NoUserConnection),
        (Ended::NoUserConnection500, EndSign::NoUserConnection),
    ];
    let others = others.map(|(ended, sign)| (ended, LoginPage::Form, sign));
    [redirects.as_slice(), &shown, &others].concat()
}

#[test]
fn an_ended_session_costs_one_login_and_the_write_is_done_once_in_each_of_its_shapes() {
    for (runtime, of_the_site) in
        [(Runtime::NetFramework, creatio_auth::Runtime::NetFramework), (Runtime::Net, creatio_auth::Runtime::Net)]
    {
        for (ended_session, login_page, sign) in ends() {
            let options = Options { runtime, ended_session, login_page, ..Options::default() };
            let emulator = Emulator::start(options).unwrap();
            let (url, mut memory) = (emulator.url(), [0; 4096]);
            let mut client = Client::at(&url, of_the_site, &mut memory);
            emulator.expire_sessions();
            let mut exchange = client.session.call(&create());
            transfer(&mut client.session, &mut exchange).unwrap();
            let seen = exchange.call_result(&client.session).unwrap().verdict;
            assert_eq!(seen, CallVerdict::SessionEnded(sign), "{ended_session:?} {login_page:?}");

            if !sign.is_certain() {
                // It may have been the call's own answer.
                assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::SessionEnded(sign)));
                assert_eq!((emulator.counters().logins, emulator.counters().writes), (2, 0));
            }
            assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::Fine));
            let counters = emulator.counters();
            assert_eq!((counters.logins, counters.writes), (2, 1), "{ended_session:?} {login_page:?}");
        }
    }
}

#[test]
fn a_refused_insert_has_failed_in_each_shape() {
    let query = br#"{"rootSchemaName":"Contact","columnValues":{"items":{}}}"#;
    let insert = Call::post(Path::site("/DataService/json/SyncReply/InsertQuery").unwrap()).with_json(query);
    for (service_failure, verdict, tells) in [
        (ServiceFailure::ErrorInfo, CallVerdict::Failed, true),
        (ServiceFailure::SuccessFalse, CallVerdict::Failed, false),
        (ServiceFailure::ErrorInfoAlone, CallVerdict::Failed, true),
        (ServiceFailure::ResponseStatus, CallVerdict::Failed, true),
        (ServiceFailure::ResponseStatus500, CallVerdict::ServerError, true),
    ] {
        answered(Options { service_failure, ..Options::default() }, &insert, |answer| {
            assert_eq!(answer.verdict, verdict, "{service_failure:?}");
            assert_eq!(
                answer.error_code.is_some_and(|code| code.as_str() == "ValidateException"),
                tells,
                "{answer:?}"
            );
            assert_eq!(answer.message.is_some_and(|message| message.as_str().contains("Name")), tells, "{answer:?}");
        });
    }
}

#[test]
fn odata_s_error_is_one_with_status_200_too_and_its_deepest_cause_is_told() {
    let nothing = Call::post(Path::site("/odata/Contact").unwrap()).with_json(b"{}");
    for (odata_failure, verdict) in [
        (OdataFailure::Error, CallVerdict::Refused),
        (OdataFailure::Status200, CallVerdict::Failed),
        (OdataFailure::InternalException, CallVerdict::ServerError),
    ] {
        answered(Options { odata_failure, stack_trace_size: 10_000, ..Options::default() }, &nothing, |answer| {
            assert_eq!(answer.verdict, verdict, "{answer:?}");
            assert_eq!(answer.message.unwrap().as_str(), "An error has occurred.");
            assert!(answer.inner_message.unwrap().as_str().contains("Name"), "{answer:?}");
        });
    }
}

#[test]
fn an_entity_that_odata_does_not_know_is_told_with_status_404_or_200() {
    let unknown = Call::get(Path::site("/odata/Nothing").unwrap());
    for (odata_failure, verdict) in [
        (OdataFailure::Error, CallVerdict::NotFound),
        (OdataFailure::Status200, CallVerdict::Failed),
        (OdataFailure::NoResource, CallVerdict::Failed),
    ] {
        answered(Options { odata_failure, ..Options::default() }, &unknown, |answer| {
            assert_eq!(answer.verdict, verdict, "{answer:?}");
            assert!(answer.message.unwrap().as_str().starts_with("No HTTP resource was found"), "{answer:?}");
            assert_eq!(answer.inner_message.is_some(), odata_failure == OdataFailure::NoResource, "{answer:?}");
        });
    }
}
