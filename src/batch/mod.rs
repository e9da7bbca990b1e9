//! Several requests in one, `$batch` of OData in JSON (OData JSON Format 4.01, section 19; protocol notes, section 4).

pub(crate) mod answers;
pub(crate) mod reader;
pub(crate) mod writer;
