//! Schemes that a reply offers, and challenges (RFC 9110, section 11.6.1).

use crate::text::bytes::{cut, same_ignoring_case};

/// The schemes that a reply offers, as far as they are of interest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct OfferedSchemes {
    /// `Negotiate` (RFC 4559).
    pub negotiate: bool,
    /// `NTLM` (MS-NTHT).
    pub ntlm: bool,
    /// `Basic` (RFC 7617). Nothing here sends a password by it of its own accord: see
    /// [`use_basic`](crate::Session::use_basic).
    pub basic: bool,
}

impl OfferedSchemes {
    //= 9110-11.1-any-case, 9110-11.6.1-several
    /// Takes the value of a field, and returns what the scheme of this name challenges with: empty where it does not, none where it is
    /// not offered.
    ///
    /// `WWW-Authenticate = #challenge`, `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
    pub(crate) fn take<'v>(&mut self, value: &'v [u8], wanted: &str) -> Option<&'v [u8]> {
        let (mut rest, mut found) = (value, None);
        while !rest.is_empty() {
            let element = next_element(&mut rest).trim_ascii();
            let (name, token) = cut(element, b' ');
            for (scheme, offered) in
                [("Negotiate", &mut self.negotiate), ("NTLM", &mut self.ntlm), ("Basic", &mut self.basic)]
            {
                if same_ignoring_case(name, scheme.as_bytes()) {
                    *offered = true;
                    if scheme == wanted {
                        let token = token.unwrap_or_default().trim_ascii();
                        found = found.filter(|found: &&[u8]| !found.is_empty()).or(Some(token));
                    }
                }
            }
        }
        found
    }
}

//= 9110-5.6.1.2-empty-elements
/// The next element of a list, in which a comma may stand in a quoted string (RFC 9110, 5.6.4). `list` is then what comes behind it.
#[expect(clippy::arithmetic_side_effects, reason = "no slice is as long as a `usize` counts")]
fn next_element<'v>(list: &mut &'v [u8]) -> &'v [u8] {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let is_end = |byte: &u8| {
        let is_end = *byte == b',' && !is_quoted;
        is_quoted ^= *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && is_quoted && !is_escaped;
        is_end
    };
    let len = list.iter().position(is_end).unwrap_or(list.len());
    let element = list.get(..len).unwrap_or_default();
    *list = list.get(len + 1..).unwrap_or_default();
    element
}

#[cfg(test)]
mod tests {
    use super::OfferedSchemes;

    fn taken<'v>(value: &'v str, wanted: &str) -> ((bool, bool, bool), Option<&'v str>) {
        let mut offered = OfferedSchemes::default();
        let token = offered.take(value.as_bytes(), wanted).map(|token| core::str::from_utf8(token).unwrap());
        ((offered.negotiate, offered.ntlm, offered.basic), token)
    }

    //= 9110-11.1-any-case, 9110-11.6.1-several
    #[test]
    fn schemes_are_found_in_any_case_and_in_lists() {
        assert_eq!(taken("", "NTLM"), ((false, false, false), None));
        assert_eq!(taken("Negotiate", "NTLM"), ((true, false, false), None));
        assert_eq!(taken("ntlm", "NTLM"), ((false, true, false), Some("")));
        assert_eq!(taken("Negotiate,NTLM", "NTLM"), ((true, true, false), Some("")));
        assert_eq!(
            taken(" ,, Negotiate , basic realm=\"x\",charset=\"UTF-8\" ", "NTLM"),
            ((true, false, true), None)
        );
        assert_eq!(taken("NTLM TlRM==, Negotiate YII=", "Negotiate"), ((true, true, false), Some("YII=")));
        assert_eq!(taken("NTLM   TlRM== ", "NTLM"), ((false, true, false), Some("TlRM==")));
        assert_eq!(taken("Negotiat, NTLMx a, xBasic", "NTLM"), ((false, false, false), None));
    }

    #[test]
    fn what_is_quoted_is_no_scheme() {
        for realm in [r#"a, NTLM, b"#, r#"a\", NTLM, b"#, r#"\\\", NTLM, "#] {
            let value = std::format!("Basic realm=\"{realm}\", Negotiate");
            assert_eq!(taken(&value, "NTLM"), ((true, false, true), None), "{value}");
        }
        assert_eq!(taken(r#"Basic realm="a\\", NTLM"#, "NTLM"), ((false, true, true), Some("")));
        assert_eq!(taken(r#"Basic realm="a, NTLM"#, "NTLM"), ((false, false, true), None), "a quote without an end");
    }

    #[test]
    fn of_two_challenges_the_first_counts() {
        assert_eq!(taken("NTLM, NTLM AAAA, NTLM BBBB, NTLM", "NTLM").1, Some("AAAA"));
    }
}
