//! Why not fifty lines over an HTTP client: those of the README, beside the crate's client, in every setting of its table. Those over
//! libcurl are in `tests/c_library/fifty_lines.rs`.

#[path = "support/two_records.rs"]
mod two_records;

use std::time::Duration;

use creatio_auth::client::blocking::Client;
use creatio_auth::client::transports::std_net::Tcp;
use creatio_auth::{Call, CallVerdict, Credentials, Path, ProbeStep, Runtime, RuntimeProbe, Session, Site};
use creatio_emulator::Emulator;
use two_records::{Setting, column, column_of_the_readme};

/// What people write: a login, its cookies sent back, and the CSRF token in its field.
mod fifty_lines {
    use reqwest::{Client, Error, Response};

    pub struct Creatio {
        client: Client,
        url: String,
        cookies: Vec<(String, String)>,
    }

    impl Creatio {
        pub async fn login(url: &str, user: &str, password: &str) -> Result<Self, String> {
            let client = Client::new();
            let mut creatio = Creatio { client, url: url.to_owned(), cookies: Vec::new() };
            let body = serde_json::json!({"UserName": user, "UserPassword": password}).to_string();
            let reply = creatio.post("/ServiceModel/AuthService.svc/Login", &body).await.map_err(text)?;
            let status = reply.text().await.map_err(text)?;
            let status: serde_json::Value = serde_json::from_str(&status).map_err(|error| error.to_string())?;
            match status["Code"].as_i64() {
                Some(0) => Ok(creatio),
                _ => Err(status["Message"].to_string()),
            }
        }

        pub async fn create(&mut self, path: &str, json: &str) -> Result<(), String> {
            let status = self.post(&format!("/0{path}"), json).await.map_err(text)?.status();
            if status.is_success() { Ok(()) } else { Err(status.to_string()) }
        }

        async fn post(&mut self, path: &str, json: &str) -> Result<Response, Error> {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request =
                self.client.post(format!("{}{path}", self.url)).header("Content-Type", "application/json");
            request = request.header("ForceUseSession", "true").header("Cookie", cookies.join("; "));
            if let Some((_, token)) = self.cookies.iter().find(|(name, _)| name == "BPMCSRF") {
                request = request.header("BPMCSRF", token);
            }
            let reply = request.body(json.to_owned()).send().await?;
            for line in reply.headers().get_all("Set-Cookie").iter().filter_map(|value| value.to_str().ok()) {
                let pair = line.split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                self.cookies.retain(|(other, _)| other != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
            Ok(reply)
        }
    }

    fn text(error: Error) -> String {
        error.to_string()
    }
}

fn by_fifty_lines(emulator: &Emulator, setting: &Setting) -> [bool; 2] {
    // What encrypts is to be chosen, here too, where nothing is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let client = fifty_lines::Creatio::login(&emulator.url(), "Supervisor", setting.password).await;
        let Ok(mut client) = client else { return [false; 2] };
        let first = client.create(setting.path, setting.json).await.is_ok();
        if setting.ends {
            emulator.expire_sessions();
        }
        [first, client.create(setting.path, setting.json).await.is_ok()]
    })
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

#[test]
fn the_table_in_the_readme_is_true_of_reqwest() {
    assert_eq!(column_of_the_readme("fifty lines of reqwest"), column(by_fifty_lines));
}

#[test]
fn the_table_in_the_readme_is_true_of_the_crate() {
    let found = column(by_the_crate);
    assert_eq!(column_of_the_readme("creatio-auth"), found);
    assert!(found.iter().all(|serves| *serves == "yes"), "{found:?}");
}

#[test]
fn they_are_fifty_lines() {
    let source = include_str!("fifty_lines.rs");
    let module = source.split_once("mod fifty_lines {\n").unwrap().1.split_once("\n}\n").unwrap().0;
    let lines = module.lines().filter(|line| !line.trim().is_empty()).count();
    assert!((40..=55).contains(&lines), "{lines}");
}
