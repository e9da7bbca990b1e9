//! `$batch` of OData: its body, and the answer to it

pub(crate) mod reader;
pub(crate) mod writer;
