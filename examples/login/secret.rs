//! Where secrets come from: the environment, or a prompt. On a command line others could read them.

use std::env::{self, VarError};

use anyhow::{Context, Result, bail};

/// The value of an environment variable, or what is typed in; never an empty one, which would count as a failed login.
pub fn ask(what: &str, variable: &str) -> Result<String> {
    let secret = match env::var(variable) {
        Ok(secret) => secret,
        Err(VarError::NotPresent) => rpassword::prompt_password(format!("{what}: "))
            .with_context(|| format!("cannot ask for the {what}; set {variable} where there is no terminal"))?,
        Err(error) => return Err(error).with_context(|| variable.to_owned()),
    };
    if secret.is_empty() {
        bail!("the {what} is empty; put it into {variable}, or leave that unset to be asked for it");
    }
    Ok(secret)
}
