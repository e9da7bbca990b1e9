//! The emulated site: its state, and what is found at which path.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_LENGTH, SERVER};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};
use futures_util::stream;

use crate::auth::{self, LoginRecord};
use crate::counters::Tally;
use crate::cut::{self, Cuts};
use crate::expiring::Expiring;
use crate::files::{self, Files};
use crate::health::{self, Starting};
use crate::identity::approval::Approvals;
use crate::identity::{self, Identity, TokenRecord};
use crate::interference::{self, Interfering};
use crate::lockout::FailedLogins;
use crate::odata::version3;
use crate::options::{LoginPage, Options, Runtime, TokenEndpoint};
use crate::overload::{self, Refusals};
use crate::session::{Session, Sessions};
use crate::store::Store;
use crate::users::Users;
use crate::{cookie, data_service, echo, firewall, gate, guard, odata, process, reply, second_factor, windows};

/// One site, shared by all its connections and the [`crate::Emulator`].
pub(crate) type SharedSite = Arc<Site>;

/// All that outlives a request.
pub(crate) struct Site {
    pub(crate) options: Options,
    /// Scheme, host, port and base path.
    pub(crate) url: String,
    /// The base path: empty, or with a leading and without a trailing slash.
    pub(crate) root: String,
    /// The path that everything after login begins with.
    pub(crate) prefix: String,
    pub(crate) cookies: cookie::Writer,
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
    /// Bearer tokens, each with the family that it is of, if a person has approved it.
    pub(crate) tokens: Expiring<Option<String>>,
    /// What people have approved.
    pub(crate) approvals: Approvals,
    /// The root of the identity service, if there is one.
    pub(crate) identity_url: Option<String>,
    pub(crate) identity: Mutex<Identity>,
    pub(crate) last_login: Mutex<Option<LoginRecord>>,
    pub(crate) last_token_request: Mutex<Option<TokenRecord>>,
    pub(crate) failed_logins: FailedLogins,
    /// Values of `FirstFactor`, and whose they are.
    pub(crate) first_factors: Expiring<String>,
    /// The users whose one-time code was sent to them.
    pub(crate) text_codes: Expiring<()>,
    pub(crate) store: Mutex<Store>,
    pub(crate) files: Mutex<Files>,
    pub(crate) starting: Starting,
    pub(crate) interfering: Interfering,
    pub(crate) refusals: Refusals,
    pub(crate) login_refusals: Refusals,
    pub(crate) cuts: Cuts,
    pub(crate) tally: Tally,
}

impl Site {
    /// The site at `address`, and its identity service at the other address, if there is one.
    pub(crate) fn new(options: Options, address: SocketAddr, identity: Option<SocketAddr>) -> io::Result<Self> {
        if options.ticket_length < 32 {
            return Err(invalid("ticket_length must be at least 32"));
        }
        if options.token_endpoint == TokenEndpoint::Served && options.identity.is_none() {
            return Err(invalid("token_endpoint wants an identity service"));
        }
        if [options.one_time_code_rejection, options.oauth_only_rejection].iter().any(|code| [0, 2].contains(code)) {
            return Err(invalid("a rejection must not have the code 0 or 2"));
        }
        if options.gateway_key.as_ref().is_some_and(|(name, _)| HeaderName::from_str(name).is_err()) {
            return Err(invalid("the name of the gateway's key is no name of a field"));
        }
        let root = root(&options.base_path)?;
        let scheme = if options.tls { "https" } else { "http" };
        let prefix = match options.runtime {
            Runtime::NetFramework => format!("{root}/0"),
            Runtime::Net => root.clone(),
        };
        let site_path = if root.is_empty() { "/" } else { &root };
        Ok(Self {
            url: format!("{scheme}://{address}{root}"),
            cookies: cookie::Writer {
                runtime: options.runtime,
                secure: options.tls || options.secure_cookies,
                site_path: site_path.to_owned(),
            },
            root,
            prefix,
            users: Users::new(options.users.clone()),
            sessions: Sessions::default(),
            tokens: Expiring::default(),
            approvals: Approvals::default(),
            identity_url: identity.map(|address| format!("{scheme}://{address}")),
            identity: Mutex::new(options.identity.clone().unwrap_or_default()),
            last_login: Mutex::default(),
            last_token_request: Mutex::default(),
            failed_logins: FailedLogins::new(options.lockout_after),
            first_factors: Expiring::default(),
            text_codes: Expiring::default(),
            store: Mutex::new(Store::new()),
            files: Mutex::default(),
            starting: Starting::new(options.starting_checks),
            interfering: Interfering::default(),
            refusals: Refusals::default(),
            login_refusals: Refusals::default(),
            cuts: Cuts::default(),
            tally: Tally::default(),
            options,
        })
    }

    /// The path of the login page.
    pub(crate) fn login_page(&self) -> String {
        let page = match (self.options.login_page, self.options.runtime) {
            (LoginPage::Ssp | LoginPage::SspWithoutReturnUrl, _) => "SSPLogin.aspx",
            (LoginPage::Form | LoginPage::Shell, Runtime::NetFramework) => "NuiLogin.aspx",
            (LoginPage::Form | LoginPage::Shell, Runtime::Net) => "Login.html",
        };
        format!("{}/Login/{page}", self.root)
    }

    /// Where everything after login is.
    pub(crate) fn application_url(&self) -> String {
        format!("{}{}", self.url, &self.prefix[self.root.len()..])
    }

    /// The path of the page that follows a login.
    pub(crate) fn shell(&self) -> String {
        format!("{}/Shell", self.prefix)
    }

    /// Makes a ticket that stands for `session` from now on.
    pub(crate) fn new_ticket(&self, session: Session) -> String {
        let ticket = cookie::ticket(self.options.runtime, self.options.ticket_length);
        let lifetime = self.options.session_lifetime;
        self.sessions.insert(ticket.clone(), session, lifetime);
        ticket
    }
}

/// The base path in its one spelling.
fn root(base_path: &str) -> io::Result<String> {
    let path = base_path.trim_matches('/');
    if path.is_empty() {
        return Ok(String::new());
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let segment = |s: &str| !s.is_empty() && s.chars().all(plain);
    if path.split('/').all(segment) {
        Ok(format!("/{path}"))
    } else {
        Err(invalid("base_path may hold ASCII letters, digits, -._~ and /"))
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// Everything the site answers.
pub(crate) fn router(site: SharedSite) -> Router {
    let Site { root, prefix, .. } = &*site;
    let service = format!("{root}/ServiceModel/AuthService.svc");
    let login = format!("{service}/Login");
    let logins = Router::new()
        .route(&login, post(auth::login))
        .route(&format!("{root}{}", login[root.len()..].to_ascii_lowercase()), post(auth::login))
        .route(&format!("{service}/DoChangePasswordLogin"), post(auth::change_password))
        .route(&format!("{service}/GetAuthenticationSettings"), post(second_factor::settings))
        .route(&format!("{service}/StartTextCodeAuthFlow"), post(second_factor::start_text_code))
        .route_layer(middleware::from_fn_with_state(site.clone(), overload::refuse_login));

    let mut guarded = Router::new();
    // Real sites do not tell upper case from lower case. These spellings are in use, and both names of a reply.
    for service in [
        "DataService/json/SyncReply",
        "dataservice/json/SyncReply",
        "DataService/json/reply",
        "dataservice/json/reply",
    ] {
        guarded = guarded.route(&format!("{prefix}/{service}/{{query}}"), post(data_service::serve));
    }
    let guarded = guarded
        .route(&format!("{prefix}/odata/{{*resource}}"), any(odata::serve))
        .route(&format!("{prefix}{}{{*resource}}", version3::SERVICE), any(version3::serve))
        .route(&format!("{prefix}/ping"), get(health::ping).post(health::ping))
        .route(&format!("{prefix}/rest/MainMenuService/Logout"), post(auth::logout))
        .route(&format!("{prefix}/rest/FileApiService/UploadFile"), post(files::upload))
        .route(&format!("{prefix}/rest/FileService/Download/{{schema}}/{{id}}"), get(files::download))
        .route(&format!("{prefix}/ServiceModel/ProcessEngineService.svc/RunProcess"), post(process::run))
        .route(&format!("{prefix}/rest/EchoService/UserName"), get(echo::user_name))
        .route(&format!("{prefix}/rest/EchoService/Echo"), get(echo::query).post(echo::body))
        .route(&format!("{prefix}/rest/{{*method}}"), any(reply::not_found))
        // The last of these comes first.
        .route_layer(middleware::from_fn_with_state(site.clone(), cut::cut_reply))
        .route_layer(middleware::from_fn_with_state(site.clone(), guard::guard))
        .route_layer(middleware::from_fn_with_state(site.clone(), interference::in_the_site))
        .route_layer(middleware::from_fn_with_state(site.clone(), overload::refuse))
        .route_layer(DefaultBodyLimit::disable());

    let mut router = guarded
        .merge(logins)
        .route(&site.login_page(), get(windows::login_page))
        .route(&format!("{service}/DomainLogin"), post(windows::domain_login))
        .route(&format!("{prefix}/api/HealthCheck/Ping"), get(health::of_the_application))
        .route(&format!("{prefix}/api/OAuthHealthCheck"), get(health::of_oauth));
    if site.options.runtime == Runtime::NetFramework {
        // The application under /0 wants a ticket even for its own login service.
        let too_deep = format!("{prefix}{}", &login[root.len()..]);
        router = router.route(&too_deep, any(reply::authentication_failed));
        router = router.route(&format!("{root}/api/HealthCheck/Ping"), get(health::of_the_loader));
    }
    router = match site.options.token_endpoint {
        TokenEndpoint::Served => identity::routes(router, prefix),
        TokenEndpoint::Redirect | TokenEndpoint::LoginPage => {
            router.route(&format!("{prefix}/connect/token"), any(reply::no_token))
        }
    };
    if prefix != root {
        router = router.route(&format!("{root}/connect/token"), any(reply::no_token));
    }
    finished(router.fallback(reply::nowhere), site)
}

/// The router with what all replies have in common.
pub(crate) fn finished(router: Router<SharedSite>, site: SharedSite) -> Router {
    // The last of these comes first.
    router
        .layer(middleware::from_fn_with_state(site.clone(), gate::pass))
        .layer(middleware::from_fn_with_state(site.clone(), interference::before_the_site))
        .layer(middleware::from_fn(receive))
        .layer(middleware::from_fn_with_state(site.clone(), finish))
        .with_state(site)
}

/// Waits for the whole request, as the proxies in front of real sites do: nothing is made of a part of
/// one, and no refusal is lost because the connection was closed on a body under way.
async fn receive(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(body) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(error) => reply::message(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// Gives every reply the server's name, and its body the framing that was asked for.
async fn finish(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    let name = HeaderValue::from_static("creatio-emulator");
    response.headers_mut().insert(SERVER, name);
    if site.options.firewall {
        firewall::add_fields(&mut response);
    }
    match site.options.chunk_size {
        Some(size) if !is_head => chunked(response, size).await,
        _ => response,
    }
}

/// Hides the length of the body, which makes hyper send each piece as a chunk.
async fn chunked(response: Response, size: NonZeroUsize) -> Response {
    let (mut head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("the body is in memory");
    let pieces: Vec<Result<Bytes, io::Error>> =
        body.chunks(size.get()).map(|piece| Ok(body.slice_ref(piece))).collect();
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from_stream(stream::iter(pieces)))
}
