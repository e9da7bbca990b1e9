//! The pictures of the committed figures, `docs/size.svg` and `docs/benchmarks.svg`.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{bench, size};

/// Draws them anew.
pub fn write(workspace: &Workspace) -> Result<()> {
    size::PICTURE.write(workspace, &size::picture(workspace)?)?;
    bench::PICTURE.write(workspace, &bench::picture(workspace)?)
}

/// Fails where one is not that of the figures.
pub fn check(workspace: &Workspace) -> Result<()> {
    size::PICTURE.check(workspace, &size::picture(workspace)?)?;
    bench::PICTURE.check(workspace, &bench::picture(workspace)?)
}
