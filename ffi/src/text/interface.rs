//! What tells the header that a program was compiled with from another: its version, and how it lays the structs out

/// The sizes of all structs in one number, as the header's `CREATIO_SIZES` has it; asserted where all of them are known.
pub(crate) const SIZES: u32 = if size_of::<usize>() == 8 { 2352 } else { 1380 };

/// What the header of this library says of itself in the upper bits, as `CREATIO_INTERFACE`; the lowest eight are left for
/// another number. The last number of a version is for what changes no interface.
pub(crate) const INTERFACE: u32 =
    ((number(env!("CARGO_PKG_VERSION_MAJOR")) * 100 + number(env!("CARGO_PKG_VERSION_MINOR"))) << 20) | (SIZES << 8);

const _: () = assert!(SIZES < 1 << 12);

const fn number(text: &str) -> u32 {
    let (mut number, mut at) = (0, 0);
    while at < text.len() {
        number = number * 10 + (text.as_bytes()[at] - b'0') as u32;
        at += 1;
    }
    number
}
