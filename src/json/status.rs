//! The authentication status that answers a login (protocol notes, section 2).

use super::pick::{Member, Members, Picked, ROOT, Value};
use crate::signs::Signs;

/// The places of the texts that are kept of a status.
pub(crate) const MESSAGE: u8 = 0;
pub(crate) const PASSWORD_CHANGE_URL: u8 = 1;
pub(crate) const REDIRECT_URL: u8 = 2;
pub(crate) const USER_TYPE: u8 = 3;
pub(crate) const EXCEPTION_MESSAGE: u8 = 4;
pub(crate) const EXCEPTION_TYPE: u8 = 5;

/// `Exception` as what holds members: 1 and its place in the table.
const EXCEPTION: u8 = 3;

pub(crate) static STATUS: Members = Members { table: TABLE, scalar: Picked::code, signs: Signs::ignore };

const TABLE: &[Member] = &[
    Member::new("Code", ROOT, Value::Scalar),
    Member::new("Message", ROOT, Value::Text(MESSAGE)),
    Member::new("Exception", ROOT, Value::Holder),
    Member::new("Message", EXCEPTION, Value::Text(EXCEPTION_MESSAGE)),
    Member::new("Type", EXCEPTION, Value::Text(EXCEPTION_TYPE)),
    Member::new("PasswordChangeUrl", ROOT, Value::Text(PASSWORD_CHANGE_URL)),
    Member::new("RedirectUrl", ROOT, Value::Text(REDIRECT_URL)),
    Member::new("UserType", ROOT, Value::Text(USER_TYPE)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::DocumentError;
    use crate::json::pick::Picker;
    use std::string::String;

    const TEXTS: usize = 6;

    fn read(json: &str) -> Result<(Option<i32>, [Option<String>; TEXTS]), DocumentError> {
        let (mut reader, mut memory) = (Picker::new(), [0; 512]);
        reader.push(&STATUS, json.as_bytes(), &mut memory)?;
        if !reader.is_complete() {
            return Err(DocumentError::CutOff);
        }
        let texts = core::array::from_fn(|text| {
            let place = reader.text(text as u8)?;
            let bytes = &memory[place.start..place.start + place.len];
            Some(String::from_utf8(bytes.to_vec()).unwrap() + if place.truncated { "…" } else { "" })
        });
        Ok((Some(reader.number().ok_or(DocumentError::NoCode)?), texts))
    }

    #[test]
    fn picks_its_members_in_any_order_and_from_their_places_only() {
        let (code, texts) = read(
            r#"{"X":{"Code":7,"Message":"no"},"Exception":{"InnerException":{"Message":"no","Type":"no"},
            "Message":"inner","List":[{"Type":"no"}],"Type":"System.X"},"A":["Code",{"Code":3}],"UserType":"General",
            "RedirectUrl":"\/0\/Shell","PasswordChangeUrl":null,"Message":"\u041d\u0435\u0442","Code":1}"#,
        )
        .unwrap();
        assert_eq!(code, Some(1));
        let texts = texts.each_ref().map(|text| text.as_deref());
        assert_eq!(texts, [Some("Нет"), None, Some("/0/Shell"), Some("General"), Some("inner"), Some("System.X")]);
    }

    #[test]
    fn values_of_another_type_say_nothing_but_a_code_must_be_a_whole_number() {
        let (code, texts) =
            read(r#"{"Message":5,"Exception":"text","UserType":["a"],"RedirectUrl":{"x":"y"},"Code":2}"#).unwrap();
        assert_eq!((code, texts), (Some(2), [const { None }; TEXTS]));
        for code in
            ["\"0\"", "0.0", "-0", "0e0", "[0]", "{\"a\":0}", "1E2", "4294967296", "2147483648", "-2147483649"]
        {
            let json = std::format!("{{\"Code\":{code}}}");
            assert_eq!(read(&json).unwrap_err(), DocumentError::Code, "{code}");
        }
        assert_eq!(read(r#"{"Code":-2147483648}"#).unwrap().0, Some(i32::MIN));
        for absent in ["{}", r#"{"Code":null}"#, r#"{"Code":true}"#, r#"{"code":0}"#, r#"{"Code ":0}"#] {
            assert_eq!(read(absent).unwrap_err(), DocumentError::NoCode, "{absent}");
        }
        assert_eq!(read(r#"{"C\u006fde":3}"#).unwrap().0, Some(3));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        for json in [
            r#"{"Code":0,"Code":0}"#,
            r#"{"Code":null,"Code":0}"#,
            r#"{"Code":0,"\u0043ode":1}"#,
            r#"{"Message":"","Message":"","Code":0}"#,
            r#"{"Exception":{"Type":"","Type":""},"Code":0}"#,
        ] {
            assert_eq!(read(json).unwrap_err(), DocumentError::Doubled, "{json}");
        }
        assert!(read(r#"{"Other":1,"Other":2,"Code":0}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_no_status() {
        for json in ["[]", "0", "\"Code\"", "null", r#"[{"Code":0}]"#] {
            assert_eq!(read(json).unwrap_err(), DocumentError::NotAnObject, "{json}");
        }
        assert_eq!(read(r#"{"Code":0"#).unwrap_err(), DocumentError::CutOff);
        assert_eq!(read(r#"{"Code":0}x"#).unwrap_err(), DocumentError::NotJson);
    }

    #[test]
    fn a_long_text_is_cut_after_a_whole_character_and_leaves_room_for_the_others() {
        let long = "é".repeat(400);
        let (_, texts) = read(&std::format!(r#"{{"Message":"x{long}","UserType":"General","Code":0}}"#)).unwrap();
        assert_eq!(texts[0].as_deref(), Some(&*std::format!("x{}…", "é".repeat(127))));
        assert_eq!(texts[3].as_deref(), Some("General"));
    }
}
