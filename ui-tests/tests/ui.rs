//! Runs the cases: what must not compile, and what the compiler says about it; and what must compile.
//!
//! rustc changes its frames around our messages from release to release. So the whole `.stderr` is compared on one
//! compiler only, with which `TRYBUILD=overwrite` writes it; on any other one, the messages that are ours and the
//! places they point at, by [`lines`].

mod lines;

/// The compiler whose every word is compared.
const PINNED: &str = "rustc 1.95.";

#[test]
fn cases() {
    let version = lines::rustc_version();
    if version.starts_with(PINNED) && std::env::var_os("UI_LINES_ONLY").is_none() {
        let cases = trybuild::TestCases::new();
        cases.compile_fail("cases/[!p]*/*.rs");
        cases.pass("cases/pass/*.rs");
    } else {
        lines::compare();
    }
}

#[test]
fn each_case_that_fails_has_its_messages() {
    for case in lines::failing_cases() {
        let expected = case.with_extension("stderr");
        assert!(expected.exists(), "{} is missing: run the tests with TRYBUILD=overwrite", expected.display());
    }
}
