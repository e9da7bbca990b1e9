//! Where secrets come from: the environment, or a prompt. On a command line others could read them.

use std::env::{self, VarError};

use anyhow::{Context, Result};

/// The value of an environment variable, or what is typed in.
pub fn ask(what: &str, variable: &str) -> Result<String> {
    match env::var(variable) {
        Ok(secret) => Ok(secret),
        Err(VarError::NotPresent) => rpassword::prompt_password(format!("{what}: "))
            .with_context(|| format!("cannot ask for the {what}; set {variable} where there is no terminal")),
        Err(error) => Err(error).with_context(|| variable.to_owned()),
    }
}
