#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| { let _ = event_log::Record::decode(data); let _ = api::http::graphql::COMPLEXITY_MAX; });
