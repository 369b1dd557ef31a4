//! What a build without the feature `lock` keeps: the compiler still holds the code to its lock. What it cannot do, the
//! generated tests say.

use crate::outside::Outside;

const WRITE: &str = "EVENTS_LOCK=write cargo test events_lock";

const BEFORE: &str = "#[derive(Debug, eventsourcing::Event)]\n#[event(prefix = \"order\")]\npub enum OrderEvent {\n    Placed { item: String },\n}\n";

const SAID: &str = "\
Error: the tests of `events.lock` cannot run for `OrderEvent`, because this build is without the feature `lock` of `eventsourcing`; turn it on for tests: `cargo add --dev eventsourcing --features lock`
";

#[test]
fn the_compiler_compares_and_the_tests_name_the_feature() {
    let shop = Outside::new("without-lock", "shop");
    shop.write("src/lib.rs", BEFORE);
    shop.with_features("\"macros\"");
    let ran = shop.run("cargo test --lib");
    assert!(!ran.succeeded, "{}", ran.text);
    assert_eq!(ran.text.matches(SAID).count(), 2, "each of the two tests says it:\n{}", ran.text);

    // The line that the message names: tests have the feature, builds have not.
    let manifest = shop.read("Cargo.toml");
    let dependency =
        manifest.lines().find(|line| line.starts_with("eventsourcing")).expect("it depends on the library");
    let for_tests = dependency.replace("\"macros\"", "\"lock\"");
    shop.write("Cargo.toml", &format!("{manifest}\n[dev-dependencies]\n{for_tests}\n"));
    let ran = shop.run(&format!("{WRITE} && cargo test --lib"));
    assert!(ran.succeeded, "{}", ran.text);

    shop.write("Cargo.toml", &manifest);
    let ran = shop.run("cargo check");
    assert!(ran.succeeded, "{}", ran.text);
    shop.write("src/lib.rs", &BEFORE.replace("item: String", "goods: String"));
    let ran = shop.run("cargo check");
    assert!(!ran.succeeded && ran.text.contains("stored events could no longer be read"), "{}", ran.text);
}
