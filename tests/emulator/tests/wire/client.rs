//! A client as plain as can be: it keeps cookies by name only, and repeats what it is told to.

use creatio_emulator::Emulator;
use serde_json::Value;
use ureq::http::{Request, Response};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body, Error};

pub struct Client {
    agent: Agent,
    url: String,
    /// Names and values, in the order they came.
    pub cookies: Vec<(String, String)>,
    /// Header fields sent with every request.
    pub fields: Vec<(&'static str, String)>,
}

pub struct Reply {
    pub status: u16,
    /// Empty if it is not UTF-8.
    pub body: String,
    pub bytes: Vec<u8>,
    head: Response<()>,
}

impl Client {
    pub fn new(emulator: &Emulator) -> Self {
        Self::at(emulator.url(), emulator.certificate_pem())
    }

    pub fn at(url: String, certificate_pem: Option<&str>) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false);
        if let Some(pem) = certificate_pem {
            let root = Certificate::from_pem(pem.as_bytes()).unwrap();
            let roots = RootCerts::from([root].into_iter());
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Self { agent: config.build().new_agent(), url, cookies: Vec::new(), fields: Vec::new() }
    }

    /// A client that has signed in as Supervisor and repeats its CSRF cookie.
    pub fn signed_in(emulator: &Emulator) -> Self {
        let mut client = Self::new(emulator);
        client.sign_in();
        client
    }

    /// Signs in as Supervisor and repeats the CSRF cookie from then on.
    pub fn sign_in(&mut self) {
        assert_eq!(self.login("Supervisor", "Supervisor").json()["Code"], 0);
        self.fields.clear();
        for name in ["BPMCSRF", "CRT_CSRF"] {
            if let Some(value) = self.cookie(name) {
                self.fields.push((name, value.to_owned()));
            }
        }
    }

    pub fn login(&mut self, name: &str, password: &str) -> Reply {
        self.login_with(&format!(r#"{{"UserName":"{name}","UserPassword":"{password}"}}"#))
    }

    pub fn login_with(&mut self, body: &str) -> Reply {
        let target = "/ServiceModel/AuthService.svc/Login";
        self.send("POST", target, Some("application/json; charset=utf-8"), body)
    }

    pub fn get(&mut self, target: &str) -> Reply {
        self.send("GET", target, None, "")
    }

    pub fn post(&mut self, target: &str) -> Reply {
        self.send("POST", target, None, "")
    }

    /// Sends a record or a query. The target is one below `/0`.
    pub fn json(&mut self, method: &str, target: &str, body: &Value) -> Reply {
        self.send(method, &format!("/0{target}"), Some("application/json"), &body.to_string())
    }

    pub fn send(&mut self, method: &str, target: &str, kind: Option<&str>, body: &str) -> Reply {
        let kind = kind.map(|kind| ("Content-Type", kind));
        self.send_with(method, target, kind.as_slice(), body.as_bytes())
    }

    pub fn send_with(&mut self, method: &str, target: &str, fields: &[(&str, &str)], body: &[u8]) -> Reply {
        self.try_send(method, target, fields, body).expect("an answer")
    }

    pub fn try_send(
        &mut self,
        method: &str,
        target: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply, Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{target}", self.url));
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs = self.cookies.iter().map(|(n, v)| format!("{n}={v}"));
            request = request.header("Cookie", pairs.collect::<Vec<_>>().join("; "));
        }
        for (name, value) in &self.fields {
            request = request.header(*name, value);
        }
        let response = if matches!(method, "POST" | "PUT" | "PATCH" | "MERGE") {
            self.agent.run(request.body(body.to_vec()).unwrap())
        } else {
            self.agent.run(request.body(()).unwrap())
        };
        let reply = Reply::read(response?)?;
        for field in reply.set_cookies() {
            let (name, rest) = field.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Ok(reply)
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        let mut cookies = self.cookies.iter();
        let (_, value) = cookies.find(|(known, _)| known == name)?;
        Some(value)
    }

    pub fn forget(&mut self, name: &str) {
        self.cookies.retain(|(known, _)| known != name);
    }
}

impl Reply {
    fn read(response: Response<Body>) -> Result<Self, Error> {
        let (head, mut body) = response.into_parts();
        let bytes = body.with_config().limit(u64::MAX).read_to_vec()?;
        Ok(Self {
            status: head.status.as_u16(),
            body: String::from_utf8(bytes.clone()).unwrap_or_default(),
            bytes,
            head: Response::from_parts(head, ()),
        })
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        Some(self.head.headers().get(name)?.to_str().unwrap())
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        let fields = self.head.headers().get_all("Set-Cookie").iter();
        fields.map(|field| field.to_str().unwrap()).collect()
    }

    /// Names and attributes of the cookies set, without their values and dates, sorted.
    pub fn cookie_shapes(&self) -> Vec<String> {
        let shape = |field: &str| {
            let (name, rest) = field.split_once('=').unwrap();
            let attributes = rest.split(';').skip(1).map(|attribute| match attribute.split_once("expires=") {
                Some((space, _)) => format!("{space}expires"),
                None => attribute.to_owned(),
            });
            let attributes: Vec<String> = attributes.collect();
            format!("{name};{}", attributes.join(";"))
        };
        let mut shapes: Vec<String> = self.set_cookies().into_iter().map(shape).collect();
        shapes.sort();
        shapes
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}
