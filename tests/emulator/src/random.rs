//! Random texts.

/// So many characters, each picked from the alphabet, which has a power of two of them up to 256: so
/// a random byte picks all alike.
pub(crate) fn text(alphabet: &[u8], length: usize) -> String {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).expect("the operating system has random bytes");
    let pick = |byte: u8| char::from(alphabet[usize::from(byte) % alphabet.len()]);
    bytes.into_iter().map(pick).collect()
}
