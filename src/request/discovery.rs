//! The request for the metadata of an identity service (RFC 8414, section 3; OpenID Connect Discovery 1.0, section 4).

use crate::text::template::{Template, template};

/// Where an identity service says where its endpoints are (protocol notes, section 5).
pub(crate) const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";

//= 8414-3.1-get
/// The request. Of the client it has the caller's lines alone.
pub(super) const TEMPLATE: Template = template!(
    "GET $[$b$r$p$] HTTP/1.1\r\nHost: $h$(o:$o$)\r\n$<$(uUser-Agent: $u\r\n$)Accept: application/json\r\n$f\r\n$|"
);
