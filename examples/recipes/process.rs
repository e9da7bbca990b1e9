//! A business process.

use anyhow::{Context, Result};
use creatio_auth::{Call, Path};
use serde_json::json;

use crate::client::Client;
use crate::output::say;

/// It is done once at the most: nobody can tell what a second run would do.
pub fn run(client: &mut Client<'_>, code: &str, parameter: &[String], result: &str) -> Result<()> {
    let (name, text) = (parameter.first().context("a name")?, parameter.get(1).context("a text")?);
    let run = json!({
        "schemaName": code,
        "parameterValues": [{"name": name, "value": text}],
        "resultParameterNames": [result],
    });
    let path = Path::site("/ServiceModel/ProcessEngineService.svc/RunProcess")?;
    // A process that fails is told by `success`, and so by the verdict.
    let done = client.call(&Call::post(path).with_json(run.to_string().as_bytes()))?;
    say!("process   {code}, status {}: {result} is {}", done["processStatus"], done["resultParameterValues"][result])
}
