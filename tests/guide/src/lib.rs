//! The samples in Rust of the guide's pages, each compiled as it stands by `cargo test --doc`.

/// A page.
#[cfg(doctest)]
macro_rules! page {
    ($name:ident, $file:literal) => {
        #[doc = include_str!(concat!("../../../docs/guide/", $file))]
        pub struct $name;
    };
}

#[cfg(doctest)]
mod pages {
    page!(Batch, "batch.md");
    page!(Before, "before.md");
    page!(Doors, "doors.md");
    page!(Firmware, "firmware.md");
    page!(Fleet, "fleet.md");
    page!(Foreign, "foreign.md");
    page!(FromReqwest, "from-reqwest.md");
    page!(Reboot, "reboot.md");
    page!(Rust, "rust.md");
}
