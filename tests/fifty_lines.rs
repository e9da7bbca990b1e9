//! Why not fifty lines over an HTTP client: those of the README, beside the crate's client, in every setting of its table.

use std::time::Duration;

use creatio_auth::client::blocking::Client;
use creatio_auth::client::transports::std_net::Tcp;
use creatio_auth::{Call, CallVerdict, Credentials, Path, ProbeStep, Runtime, RuntimeProbe, Session, Site};
use creatio_emulator::{Emulator, EndedSession, LoginAnswer, Options, ServiceFailure};

const INSERT: &str = r#"{"rootSchemaName":"Contact","columnValues":{"items":{}}}"#;

/// What people write: a login, its cookies sent back, and the CSRF token in its field.
mod fifty_lines {
    use ureq::http::Response;
    use ureq::{Agent, Body};

    pub struct Creatio {
        agent: Agent,
        url: String,
        cookies: Vec<(String, String)>,
    }

    impl Creatio {
        pub fn login(url: &str, user: &str, password: &str) -> Result<Self, String> {
            let agent = Agent::config_builder().http_status_as_error(false).build().into();
            let mut creatio = Creatio { agent, url: url.to_owned(), cookies: Vec::new() };
            let body = serde_json::json!({"UserName": user, "UserPassword": password}).to_string();
            let mut reply = creatio.post("/ServiceModel/AuthService.svc/Login", &body)?;
            let status: serde_json::Value =
                serde_json::from_str(&text(&mut reply)?).map_err(|error| error.to_string())?;
            match status["Code"].as_i64() {
                Some(0) => Ok(creatio),
                _ => Err(status["Message"].to_string()),
            }
        }

        pub fn create(&mut self, path: &str, json: &str) -> Result<(), String> {
            let status = self.post(&format!("/0{path}"), json)?.status();
            if status.is_success() { Ok(()) } else { Err(status.to_string()) }
        }

        fn post(&mut self, path: &str, json: &str) -> Result<Response<Body>, String> {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request =
                self.agent.post(format!("{}{path}", self.url)).header("Content-Type", "application/json");
            request = request.header("ForceUseSession", "true").header("Cookie", cookies.join("; "));
            if let Some((_, token)) = self.cookies.iter().find(|(name, _)| name == "BPMCSRF") {
                request = request.header("BPMCSRF", token);
            }
            let reply = request.send(json).map_err(|error| error.to_string())?;
            for line in reply.headers().get_all("Set-Cookie").iter().filter_map(|value| value.to_str().ok()) {
                let pair = line.split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                self.cookies.retain(|(other, _)| other != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
            Ok(reply)
        }
    }

    fn text(reply: &mut Response<Body>) -> Result<String, String> {
        reply.body_mut().read_to_string().map_err(|error| error.to_string())
    }
}

/// Two records are made; each says whether it was.
type Program = fn(&Emulator, &Setting) -> [bool; 2];

fn by_fifty_lines(emulator: &Emulator, setting: &Setting) -> [bool; 2] {
    let client = fifty_lines::Creatio::login(&emulator.url(), "Supervisor", setting.password);
    let Ok(mut client) = client else { return [false; 2] };
    let first = client.create(setting.path, setting.json).is_ok();
    if setting.ends {
        emulator.expire_sessions();
    }
    [first, client.create(setting.path, setting.json).is_ok()]
}

fn by_the_crate(emulator: &Emulator, setting: &Setting) -> [bool; 2] {
    let url = emulator.url();
    let (mut memory, mut buffer) = ([0; 4096], [0; 512]);
    let mut session = Session::new(Site::parse(&url, runtime(&url)).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(10)), &mut buffer);
    let who = Credentials::borrowed("Supervisor", setting.password);
    let call = Call::post(Path::site(setting.path).unwrap()).with_json(setting.json.as_bytes());
    let mut create = || {
        let answer = client.call_renewed(&call, &who).and_then(|reply| reply.answer());
        answer.is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
    };
    let first = create();
    if setting.ends {
        emulator.expire_sessions();
    }
    [first, create()]
}

/// Which one the site has, as its health checks say.
fn runtime(url: &str) -> Runtime {
    let (mut memory, mut buffer) = ([0; 1024], [0; 256]);
    let mut session = Session::new(Site::parse(url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(10)), &mut buffer);
    let mut probe = RuntimeProbe::new();
    loop {
        let answer = client.call(&probe.call()).unwrap().answer().unwrap();
        match probe.after_answer(&answer) {
            ProbeStep::Found(runtime) => return runtime,
            ProbeStep::Ask => {}
            step => panic!("{step:?}"),
        }
    }
}

struct Setting {
    name: &'static str,
    options: Options,
    path: &'static str,
    json: &'static str,
    password: &'static str,
    /// Whether the session ends between the two records.
    ends: bool,
    /// Whether the site makes records at all.
    makes: bool,
}

/// The settings of the table, in its order.
fn settings() -> Vec<Setting> {
    let setting = |name, options| Setting {
        name,
        options,
        path: "/odata/Contact",
        json: r#"{"Name":"Ann"}"#,
        password: "Supervisor",
        ends: false,
        makes: true,
    };
    let ended = |name, ended_session| Setting {
        ends: true,
        ..setting(name, Options { ended_session, ..Options::default() })
    };
    let answered = |name, login_answer| Setting {
        makes: false,
        ..setting(name, Options { login_answer, ..Options::default() })
    };
    let firewall = Options { firewall: true, user_agent_required: true, ..Options::default() };
    let service_failure = ServiceFailure::SuccessFalse;
    vec![
        setting("a site as it comes", Options::default()),
        setting("a base path", Options { base_path: "/CreatioWebApp".into(), ..Options::default() }),
        setting(".NET", Options { runtime: creatio_emulator::Runtime::Net, ..Options::default() }),
        setting("the CSRF cookie `CRT_CSRF`", Options { crt_csrf: true, ..Options::default() }),
        setting("a web firewall", firewall),
        ended("a session that has ended, by a redirect", EndedSession::Redirect),
        ended("a session that has ended, by a 401", EndedSession::Status401),
        answered("a login page for an answer", LoginAnswer::LoginPage),
        answered("a login without a ticket", LoginAnswer::NoTicket),
        Setting { makes: false, password: "wrong", ..setting("a wrong password", Options::default()) },
        Setting {
            path: "/DataService/json/SyncReply/InsertQuery",
            json: INSERT,
            makes: false,
            ..setting("a failure behind status 200", Options { service_failure, ..Options::default() })
        },
    ]
}

/// Whether a program does what it is for: it makes both records where the site makes any, and never says that it has made one
/// that is not there.
fn serves(program: Program, setting: &Setting) -> bool {
    let emulator = Emulator::start(setting.options.clone()).unwrap();
    let said = program(&emulator, setting).iter().filter(|said| **said).count();
    said == usize::from(setting.makes) * 2 && emulator.counters().writes == said as u64
}

#[test]
fn the_table_in_the_readme_is_true() {
    let readme = include_str!("../README.md");
    let mut rows = Vec::new();
    for setting in settings() {
        let mark = |program| if serves(program, &setting) { "yes" } else { "no" };
        rows.push(format!("| {} | {} | {} |", setting.name, mark(by_fifty_lines), mark(by_the_crate)));
    }
    assert!(rows.iter().all(|row| row.ends_with("| yes |")), "{rows:#?}");
    let table = rows.join("\n");
    assert!(readme.contains(&table), "the README is to have\n{table}");
}

#[test]
fn they_are_fifty_lines() {
    let source = include_str!("fifty_lines.rs");
    let module = source.split_once("mod fifty_lines {\n").unwrap().1.split_once("\n}\n").unwrap().0;
    let lines = module.lines().filter(|line| !line.trim().is_empty()).count();
    assert!((45..=55).contains(&lines), "{lines}");
}
