#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| creatio_auth_fuzz::tokens::run(data));
