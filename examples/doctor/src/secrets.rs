//! Where secrets come from: the standard input, the environment, or a prompt. On a command line others could read them.

use std::env::{self, VarError};
use std::io::BufRead;

use zeroize::Zeroizing;

use crate::arguments::Arguments;
use crate::hidden::hidden;

/// What is never to be shown.
#[derive(Default)]
pub struct Secrets {
    /// The user's password.
    pub password: Option<Zeroizing<String>>,
    /// A one-time code.
    pub code: Option<Zeroizing<String>>,
    /// The client's secret.
    pub client_secret: Option<Zeroizing<String>>,
    /// The line of the gateway's key.
    pub field_lines: Zeroizing<String>,
}

impl Secrets {
    /// Gathers what the arguments call for.
    pub fn gather(arguments: &Arguments) -> Result<Self, String> {
        let mut input = std::io::stdin().lock();
        let mut ask = |what: &str, variable: &str| {
            if !arguments.secrets_stdin {
                return from_environment(what, variable).and_then(|secret| not_empty(what, variable, secret));
            }
            let mut line = Zeroizing::new(String::with_capacity(4096));
            match input.read_line(&mut line) {
                Ok(0) => Err(format!("the standard input ends before the {what}")),
                Ok(_) => {
                    let secret = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
                    not_empty(what, "its line of the standard input", secret)
                }
                Err(error) => Err(format!("cannot read the {what}: {error}")),
            }
        };
        let mut secrets = Secrets::default();
        if let Some(name) = &arguments.gateway_key {
            let key = ask("gateway's key", "CREATIO_GATEWAY_KEY")?;
            secrets.field_lines = Zeroizing::new(format!("{name}: {}\r\n", key.as_str()));
        }
        if arguments.user.is_some() {
            secrets.password = Some(ask("password", "CREATIO_PASSWORD")?);
        }
        if arguments.code.is_some() {
            secrets.code = Some(ask("one-time code", "CREATIO_CODE")?);
        }
        if arguments.client_id.is_some() {
            secrets.client_secret = Some(ask("client's secret", "CREATIO_CLIENT_SECRET")?);
        }
        Ok(secrets)
    }

    /// A text without any of them, should a site have sent one back, in whatever way it is written.
    pub fn hide(&self, text: &str) -> String {
        let key = self.field_lines.split_once(": ").map(|(_, key)| key.trim_end());
        let all = [&self.password, &self.code, &self.client_secret].into_iter().flatten();
        let all: Vec<&str> = all.map(|secret| secret.as_str()).chain(key).collect();
        hidden(text, &all)
    }
}

/// An empty one is a mistake, which would count as a failed login.
fn not_empty(what: &str, place: &str, secret: Zeroizing<String>) -> Result<Zeroizing<String>, String> {
    if secret.is_empty() { Err(format!("the {what} is empty ({place}); nothing was sent")) } else { Ok(secret) }
}

/// The value of an environment variable, or what is typed in.
fn from_environment(what: &str, variable: &str) -> Result<Zeroizing<String>, String> {
    match env::var(variable) {
        Ok(secret) => Ok(Zeroizing::new(secret)),
        Err(VarError::NotPresent) => rpassword::prompt_password(format!("{what}: ")).map(Zeroizing::new).map_err(|error| {
            format!("cannot ask for the {what} ({error}); set {variable}, or give --secrets-stdin, where there is no terminal")
        }),
        Err(error) => Err(format!("{variable}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_in_a_text_that_has_been_through_it() {
        let secrets = Secrets {
            password: Some(Zeroizing::new("hunter2".into())),
            code: Some(Zeroizing::new("12".into())),
            client_secret: None,
            field_lines: Zeroizing::new("X-Key: k-e-y\r\n".into()),
        };
        assert_eq!(secrets.hide("hunter2 and k-e-y and %68unter2 and 12"), "*** and *** and *** and ***");
    }

    #[test]
    fn an_empty_secret_is_none() {
        let secret = |text: &str| not_empty("password", "CREATIO_PASSWORD", Zeroizing::new(text.into()));
        assert_eq!(secret("").unwrap_err(), "the password is empty (CREATIO_PASSWORD); nothing was sent");
        assert_eq!(secret(" ").unwrap().as_str(), " ");
    }
}
