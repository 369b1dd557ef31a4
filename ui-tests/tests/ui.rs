//! Runs the cases: what must not compile, and what the compiler says about it; and what must compile.
//!
//! rustc changes its frames around our messages from release to release. So the whole `.stderr` is compared on one
//! compiler only, with which `TRYBUILD=overwrite` writes it; on any other one, the messages that are ours and the
//! places they point at, by [`lines`].

mod lines;

#[test]
fn cases() {
    if lines::messages::every_word_counts() {
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
