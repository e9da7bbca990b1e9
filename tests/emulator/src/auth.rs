//! Signing in and out.

use std::fmt;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use crate::options::{ExpiredPassword, LoginAnswer, Outcome, Runtime, SecondFactor, WrongPassword};
use crate::session::Session;
use crate::site::{SharedSite, Site};
use crate::status::{self, Status};
use crate::users::{Judgement, Login};
use crate::{cookie, health, reply};

/// What a login or a change of password asked for, the passwords apart. `Debug` shows the keys of
/// `claims` only, whose values may be one-time codes.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginRecord {
    /// `UserName`.
    pub user_name: String,
    /// `WorkspaceName`, if it was sent.
    pub workspace_name: Option<String>,
    /// `TimeZoneOffset` in minutes, if it was sent. UTC+3 is -180.
    pub time_zone_offset: Option<i32>,
    /// `ProviderName`, if it was sent.
    pub provider_name: Option<String>,
    /// Key and value of each member of `ClaimList`.
    pub claims: Vec<(String, String)>,
    /// Whether the header `ForceUseSession: true` was sent.
    pub force_use_session: bool,
    /// Whether a cookie `FirstFactor` was sent.
    pub first_factor: bool,
}

impl fmt::Debug for LoginRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.claims.iter().map(|(key, _)| key.as_str()).collect();
        f.debug_struct("LoginRecord")
            .field("user_name", &self.user_name)
            .field("workspace_name", &self.workspace_name)
            .field("time_zone_offset", &self.time_zone_offset)
            .field("provider_name", &self.provider_name)
            .field("claims", &keys)
            .field("force_use_session", &self.force_use_session)
            .field("first_factor", &self.first_factor)
            .finish()
    }
}

impl Login {
    fn into_record(self, headers: &HeaderMap) -> LoginRecord {
        let claims = self.claim_list.unwrap_or_default().into_iter();
        LoginRecord {
            user_name: self.user_name,
            workspace_name: self.workspace_name,
            time_zone_offset: self.time_zone_offset,
            provider_name: self.provider_name,
            claims: claims.map(|claim| (claim.key, claim.value)).collect(),
            force_use_session: headers.get("ForceUseSession").is_some_and(|value| value == "true"),
            first_factor: self.first_factor.is_some(),
        }
    }
}

/// `POST /ServiceModel/AuthService.svc/Login`.
pub(crate) async fn login(
    State(site): State<SharedSite>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Json<Login>, JsonRejection>,
) -> Response {
    site.tally.logins.add_one();
    sign_in(&site, &uri, &headers, body, |login| {
        let judgement = login.judge(&site);
        if let Judgement::Outcome(Outcome::Accepted | Outcome::PasswordChangeAdvised) = judgement {
            site.tally.logins_accepted.add_one();
        }
        judgement
    })
}

/// `POST /ServiceModel/AuthService.svc/DoChangePasswordLogin`.
pub(crate) async fn change_password(
    State(site): State<SharedSite>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Json<Login>, JsonRejection>,
) -> Response {
    let mut changed = false;
    let mut response = sign_in(&site, &uri, &headers, body, |login| {
        let judgement = login.change_password(&site);
        changed = matches!(judgement, Judgement::Outcome(Outcome::Accepted));
        judgement
    });
    if changed && !site.options.password_change_signs_in {
        response.headers_mut().remove(SET_COOKIE);
    }
    response
}

/// Answers by the judgement, unless every login is answered otherwise.
fn sign_in(
    site: &Site,
    uri: &Uri,
    headers: &HeaderMap,
    body: Result<Json<Login>, JsonRejection>,
    judge: impl FnOnce(&Login) -> Judgement,
) -> Response {
    match site.options.login_answer {
        LoginAnswer::LoginPage => return reply::login_html(site, uri).into_response(),
        LoginAnswer::Redirect => return reply::redirect_to_login(site, uri),
        LoginAnswer::Normal | LoginAnswer::NoTicket => {}
    }
    let mut login = match read(body) {
        Ok(login) => login,
        Err(response) => return response,
    };
    login.first_factor = cookie::find(headers, cookie::FIRST_FACTOR).map(str::to_owned);
    let judgement = judge(&login);
    let record = login.into_record(headers);
    let answer = answer(site, judgement, &record.user_name, headers);
    *site.last_login.lock().expect("no holder panics") = Some(record);
    answer
}

/// The body of a request to the service.
#[expect(clippy::result_large_err)] // an error is a response, and not on a hot path
pub(crate) fn read(body: Result<Json<Login>, JsonRejection>) -> Result<Login, Response> {
    match body {
        Ok(Json(login)) => Ok(login),
        Err(JsonRejection::MissingJsonContentType(error)) => Err(error.into_response()),
        Err(error) => Err(reply::message(StatusCode::BAD_REQUEST, &error.body_text())),
    }
}

fn answer(site: &Site, judgement: Judgement, user_name: &str, headers: &HeaderMap) -> Response {
    let json = |status: &Status| status::json(status, &site.options);
    let rejected = |message: &str| json(&Status::rejected(1, message, &site.options));
    let refused = |status: &Status| {
        if site.options.ticket_with_refusal { accept(site, status, user_name) } else { json(status) }
    };
    let mut response = match judgement {
        Judgement::Outcome(Outcome::Denied) => reply::message(StatusCode::FORBIDDEN, "Access is denied."),
        Judgement::Outcome(Outcome::Accepted) => accept(site, &Status::accepted(site), user_name),
        Judgement::Outcome(Outcome::PasswordChangeAdvised) => {
            accept(site, &Status::password_change_advised(site), user_name)
        }
        Judgement::Outcome(Outcome::PasswordExpired) => match site.options.expired_password {
            ExpiredPassword::Code1 => json(&Status::password_expired(site)),
            ExpiredPassword::Code5 => refused(&Status::password_expired(site)),
        },
        Judgement::Outcome(Outcome::NeedGrantLicense) => {
            refused(&Status::no_license(3, "You have no license. Grant one in the license manager.", site))
        }
        Judgement::Outcome(Outcome::NoLicense) => refused(&Status::no_license(4, "You have no license.", site)),
        Judgement::Outcome(Outcome::AuthenticatorWanted) => json(&Status::authenticator_wanted(&site.options)),
        Judgement::FirstStep => first_step(site, user_name),
        Judgement::Wrong if site.options.wrong_password == WrongPassword::Status401 => {
            reply::message(StatusCode::UNAUTHORIZED, reply::AUTHENTICATION_FAILED)
        }
        Judgement::Wrong | Judgement::Outcome(Outcome::Rejected) => rejected(&site.options.rejection_message),
        Judgement::Locked => rejected("The account is locked after too many failed logins."),
        Judgement::Refused { code, message } => json(&Status::rejected(code, message, &site.options)),
    };
    // The loader begins its session with the first request that has none, whatever comes of it.
    let framework = site.options.runtime == Runtime::NetFramework;
    if framework && cookie::find(headers, cookie::LOADER).is_none() {
        let headers = response.headers_mut();
        let field = site.cookies.of_site(cookie::LOADER, &cookie::session_id());
        let others: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
        headers.insert(SET_COOKIE, field);
        headers.extend(others.into_iter().map(|field| (SET_COOKIE, field)));
    }
    response
}

/// The answer to the first of two steps, whose cookie takes the place of a ticket.
fn first_step(site: &Site, user_name: &str) -> Response {
    let options = &site.options;
    let status = match options.second_factor {
        SecondFactor::TwoStepsException => Status::second_factor_wanted(options),
        SecondFactor::TwoStepsCode5 => Status::code_5(site),
        SecondFactor::OneStep | SecondFactor::TwoSteps => Status::accepted(site),
    };
    let (value, lifetime) = (cookie::first_factor(), options.first_factor_lifetime);
    site.first_factors.insert(value.clone(), user_name.to_owned(), lifetime);
    let mut response = status::json(&status, options);
    response.headers_mut().append(SET_COOKIE, site.cookies.lasting(cookie::FIRST_FACTOR, &value, lifetime));
    response
}

/// Begins a session, and hands its cookies out.
pub(crate) fn accept(site: &Site, status: &Status, user_name: &str) -> Response {
    let options = &site.options;
    let session = Session::new(options, user_name);
    let ticket = site.new_ticket(session.clone());

    let mut response = status::json(status, options);
    let headers = response.headers_mut();
    if options.location_on_login {
        let target = HeaderValue::try_from(site.shell()).expect("paths are visible ASCII");
        headers.insert(LOCATION, target);
    }
    let cookies = &site.cookies;
    let mut set = |field| headers.append(SET_COOKIE, field);
    if options.login_answer != LoginAnswer::NoTicket {
        set(cookies.of_site(cookie::TICKET, &ticket));
    }
    set(cookies.of_host(cookie::BPMCSRF, &session.csrf));
    if let Some(value) = &session.crt_csrf {
        set(cookies.of_host(cookie::CRT_CSRF, value));
    }
    match options.runtime {
        Runtime::NetFramework => {
            if options.empty_session_id {
                set(cookies.of_site(cookie::SESSION_ID, ""));
            }
            let codes = cookie::user_name(user_name);
            set(cookies.lasting("UserName", &codes, cookie::WEEK));
        }
        Runtime::Net => {
            set(cookies.of_site(cookie::SESSION_ID, &session.id));
        }
    }
    if let Some(value) = &session.csrf_token {
        set(cookies.of_site(cookie::CSRF_TOKEN, value));
    }
    set(cookies.of_host("UserType", status::USER_TYPE));
    response
}

/// `POST …/rest/MainMenuService/Logout`.
pub(crate) async fn logout(State(site): State<SharedSite>, session: Option<Extension<Session>>) -> Response {
    // A token or a password authorises a call without a session.
    let Some(Extension(session)) = session else {
        return health::short(&site, "");
    };
    site.sessions.end(&session);
    let cookies = &site.cookies;
    let mut response = health::short(&site, "");
    let mut set = |field| response.headers_mut().append(SET_COOKIE, field);
    set(cookies.delete_of_site(cookie::TICKET));
    set(cookies.delete_of_site(cookie::SESSION_ID));
    set(cookies.delete_of_host(cookie::BPMCSRF));
    if session.crt_csrf.is_some() {
        set(cookies.delete_of_host(cookie::CRT_CSRF));
    }
    if session.csrf_token.is_some() {
        set(cookies.delete_of_site(cookie::CSRF_TOKEN));
    }
    response
}
