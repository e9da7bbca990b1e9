//! Where the identity service of a site usually is (protocol notes, section 5).

use core::fmt;

use super::Site;
use super::split_before;

impl Site<'_> {
    /// Where the identity service of this site usually is, if the site is in Creatio's cloud: `https://NAME-is.creatio.com`.
    /// Elsewhere it is wherever it was installed; the system setting `OAuth20IdentityServerUrl` has its URL.
    pub fn identity_hint(&self) -> Option<IdentityHint<'_>> {
        let (name, domain) = split_before(self.host(), b'.');
        let is_cloud = domain.eq_ignore_ascii_case(".creatio.com") && !name.as_bytes().ends_with(b"-is");
        is_cloud.then_some(IdentityHint { name, domain })
    }
}

/// The URL that an identity service probably has, as `Display` prints it.
///
/// ```
/// use creatio_auth::{Runtime, Site};
///
/// let site = Site::parse("https://example.creatio.com", Runtime::Net)?;
/// let hint = site.identity_hint().map(|hint| hint.to_string());
/// assert_eq!(hint.as_deref(), Some("https://example-is.creatio.com"));
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdentityHint<'a> {
    name: &'a str,
    domain: &'a str,
}

impl<'a> IdentityHint<'a> {
    /// The URL, in the pieces it is made of.
    pub const fn pieces(&self) -> [&'a str; 4] {
        ["https://", self.name, "-is", self.domain]
    }
}

impl fmt::Display for IdentityHint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| f.write_str(piece))
    }
}
