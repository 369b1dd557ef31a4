//! What `events_lock!` holds a crate to: each way round the lock, with what the compiler says; and what is said to a crate
//! that does without it.

use std::fs;

use crate::outside::{Outside, Ran};

const WRITE: &str = "EVENTS_LOCK=write cargo test events_lock";

/// Two event types, one that joins them, and a list of them all.
const SHOP: &str = r#"use eventsourcing::Event;

eventsourcing::events_lock!(orders::OrderEvent, CardEvent, AnyEvent);

mod orders {
    #[derive(Debug, eventsourcing::Event)]
    #[event(prefix = "order")]
    pub(crate) enum OrderEvent {
        Placed { item: String },
    }
}

#[derive(Debug, Event)]
#[event(prefix = "card")]
pub(crate) enum CardEvent {
    Issued,
}

#[derive(Debug, Event)]
pub(crate) enum AnyEvent {
    #[event(nested)]
    Order(orders::OrderEvent),
    #[event(nested)]
    Card(CardEvent),
}
"#;

/// The list in [`SHOP`].
const LIST: &str = "events_lock!(orders::OrderEvent, CardEvent, AnyEvent)";

#[test]
fn no_build_goes_round_the_lock() {
    let shop = Shop::locked("list", SHOP);
    shop.compiles();

    let unlocked = SHOP.replace("(prefix = \"card\")", "(prefix = \"card\", unlocked)");
    shop.refuses(
        &unlocked,
        &["`CardEvent` is not locked", "src/lib.rs:3:49", "remove `unlocked` from the `#[event(..)]`"],
    );

    let whole = SHOP
        .find("#[derive(Debug, Event)]\n#[event(prefix = \"card\")]")
        .zip(SHOP.find("#[derive(Debug, Event)]\npub(crate) enum Any"));
    let (start, end) = whole.expect("both types are there");
    let gone =
        format!("{}{}", &SHOP[..start], &SHOP[end..]).replace("    #[event(nested)]\n    Card(CardEvent),\n", "");
    shop.refuses(&gone, &["cannot find type `CardEvent`", "src/lib.rs:3:49"]);
    // Its name may stand in a comment, or in a category.
    let forgotten = format!("{}// \"card\"\n", gone.replace(", CardEvent", ""));
    shop.refuses(&forgotten, &["no type claims section [card] of `events.lock`", "retired(..)", "src/lib.rs:3:1"]);
    // The only type of the crate.
    let empty = "// \"card\" \"order\"\neventsourcing::events_lock!();\n";
    shop.refuses(empty, &["no type claims section [card], [order] of `events.lock`"]);

    shop.refuses(
        &listing("events_lock!(CardEvent, orders::OrderEvent, CardEvent)"),
        &["`CardEvent` is listed twice", "src/lib.rs:3:60"],
    );
    shop.refuses(
        &listing("events_lock!(CardEvent, \"order\", \"card\", \"cart\")"),
        &["`events.lock` has no section [cart]", "src/lib.rs:3:57"],
    );
    shop.refuses(
        &listing("events_lock!(CardEvent, orders::OrderEvent, String)"),
        &["`std::string::String` is not locked", "src/lib.rs:3:60"],
    );
    let same = SHOP.replace("(prefix = \"card\")", "(prefix = \"card\", lock = \"order\")");
    shop.refuses(
        &same,
        &[
            "the section [order] of `events.lock` is claimed by `shop::orders::OrderEvent` and by `shop::CardEvent`",
            "src/lib.rs:3:49",
        ],
    );
    shop.outside.write("src/lib.rs", SHOP);
    shop.compiles();
}

#[test]
fn no_crate_is_built_without_its_lock() {
    let shop = Shop::locked("list-missing", SHOP);
    let lock = shop.outside.read("events.lock");
    fs::remove_file(shop.outside.path("events.lock")).expect("there is a lock");
    let missing = "there is no `events.lock` beside the `Cargo.toml` of `shop`";
    let told = shop.refuses(SHOP, &[missing, "a container that copies `src`", WRITE]);
    assert!(told.starts_with("error: there is no"), "ours is first:\n{told}");
    // No source changes: cargo notices by itself.
    shop.outside.write("events.lock", &lock);
    shop.compiles();
    fs::remove_file(shop.outside.path("events.lock")).expect("there is a lock");
    let ran = shop.outside.run("cargo check");
    assert!(!ran.succeeded && ran.text.contains(missing), "{}", ran.text);
    shop.outside.write("events.lock", &lock);
    shop.compiles();

    let ran = shop.outside.run("EVENTS_LOCK_FILE=evnets.lock cargo check");
    assert!(!ran.succeeded, "it does not compile:\n{}", ran.text);
    contains_all(&ran, &["there is no file `", "evnets.lock`, which `EVENTS_LOCK_FILE` names"]);
    shop.compiles();
}

#[test]
fn the_first_lock_is_written_by_the_command_that_the_message_names() {
    let shop = Shop { outside: Outside::new("list-first", "shop") };
    shop.refuses(SHOP, &["there is no `events.lock`", WRITE]);
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "the lock is written:\n{}", ran.text);
    let ran = shop.outside.run("cargo test");
    assert!(ran.succeeded, "and it is what the crate is compiled with:\n{}", ran.text);
    assert!(!ran.text.contains("Add to `src/"), "nothing is left to say:\n{}", ran.text);
}

#[test]
fn without_the_list_the_tests_say_the_line_to_add() {
    let bare = SHOP.replace(&format!("eventsourcing::{LIST};\n\n"), "");
    let shop = Shop { outside: Outside::new("list-none", "shop") };
    shop.outside.write("src/lib.rs", &bare);
    let ran = shop.outside.run("cargo test");
    assert!(!ran.text.contains("events_lock!"), "there is no lock yet:\n{}", ran.text);
    for command in [WRITE, "cargo test"] {
        let ran = shop.outside.run(command);
        assert!(ran.succeeded, "everything works without it:\n{}", ran.text);
        contains_all(&ran, &["Add to `src/lib.rs`", "eventsourcing::events_lock!(CardEvent);", "`orders::OrderEvent`"]);
    }
}

#[test]
fn what_stands_behind_a_feature_is_locked_in_the_widest_form() {
    let gated = "eventsourcing::events_lock!(OrderEvent, #[cfg(feature = \"gifts\")] GiftEvent);

#[derive(Debug, eventsourcing::Event)]
#[event(prefix = \"order\")]
pub enum OrderEvent {
    Placed {
        item: String,
        #[cfg(feature = \"gifts\")]
        gift: Option<String>,
    },
}

#[cfg(feature = \"gifts\")]
#[derive(Debug, eventsourcing::Event)]
#[event(prefix = \"gift\")]
pub enum GiftEvent {
    Wrapped,
}
";
    let shop = Shop { outside: Outside::new("list-features", "shop") };
    let manifest = shop.outside.read("Cargo.toml");
    shop.outside.write(
        "Cargo.toml",
        &manifest.replace("[dependencies]", "[features]\ndefault = []\ngifts = []\n\n[dependencies]"),
    );
    shop.outside.write("src/lib.rs", gated);
    // Without the feature, the lock has what is always there.
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "it is written:\n{}", ran.text);
    shop.compiles();
    // With it, the test wants more, and says the command with the feature in it.
    let wide = "EVENTS_LOCK=write cargo test --features gifts events_lock";
    let ran = shop.outside.run("cargo test --features gifts");
    assert!(!ran.succeeded, "the lock lacks it:\n{}", ran.text);
    contains_all(&ran, &["+ gift?: option of string", "gift.wrapped version 1 is new", wide]);
    let ran = shop.outside.run(wide);
    assert!(ran.succeeded, "it is written:\n{}", ran.text);
    let ran = shop.outside.run("cargo test --features gifts");
    assert!(ran.succeeded, "{}", ran.text);
    // From then on every build has to read it.
    let ran = shop.outside.run("cargo check");
    assert!(!ran.succeeded, "the field would be lost:\n{}", ran.text);
    contains_all(&ran, &["gift: ", "`#[cfg(..)]`", "build with its feature"]);
    assert!(!ran.text.contains("no type claims"), "a type may be absent whole:\n{}", ran.text);
    shop.outside.write("src/lib.rs", &gated.replacen("        #[cfg(feature = \"gifts\")]\n", "", 1));
    shop.compiles();
}

#[test]
fn every_message_of_what_is_gone_speaks_of_features() {
    let source = "use eventsourcing::{Event, Schema};

eventsourcing::events_lock!(OrderEvent, GiftEvent);

#[derive(Debug, Event)]
#[event(prefix = \"order\")]
pub enum OrderEvent {
    #[event(version = 2, upcast(1 = PlacedV1))]
    Placed(Placed),
    Packed { slips: u32 },
    Sent { parcel: String },
}

#[derive(Debug, serde::Serialize, serde::Deserialize, Schema)]
pub struct Placed {
    item: String,
}

#[derive(serde::Deserialize, Schema)]
pub struct PlacedV1 {
    item: String,
    note: String,
}

impl From<PlacedV1> for Placed {
    fn from(old: PlacedV1) -> Self {
        Self { item: old.item }
    }
}

#[derive(Debug, Event)]
#[event(prefix = \"gift\")]
pub enum GiftEvent {
    Wrapped,
}
";
    let shop = Shop { outside: Outside::new("list-gone", "shop") };
    let manifest = shop.outside.read("Cargo.toml");
    // A feature may be there by default and be switched off.
    let features = "[features]\ndefault = [\"gifts\"]\ngifts = []\n\n[dependencies]";
    shop.outside.write("Cargo.toml", &manifest.replace("[dependencies]", features));
    shop.outside.write("src/lib.rs", source);
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "it is written:\n{}", ran.text);

    let feature = "behind a `#[cfg(..)]`, build with its feature";
    for (gone, says) in [
        ("slips: u32 ", "`order.packed` version 1 is locked"),
        ("    note: String,\n", "`PlacedV1` is the type of version 1"),
        ("    Sent { parcel: String },\n", "`order.sent` is locked in version 1"),
    ] {
        let gated = source.replace(gone, &format!("#[cfg(not(feature = \"gifts\"))] {gone}"));
        shop.refuses(&gated, &[says, feature]);
    }
    let gone = "#[derive(Debug, Event)]\n#[event(prefix = \"gift\")]";
    let unnamed = source
        .replace("OrderEvent, GiftEvent", "OrderEvent")
        .replace(gone, &format!("#[cfg(not(feature = \"gifts\"))]\n{gone}"));
    shop.refuses(&unnamed, &["no type claims section [gift]", "with its `#[cfg(..)]` before it"]);
}

/// Tests write the lock, and see what no other build does.
#[test]
fn what_only_tests_see_is_refused_in_the_next_build() {
    let source = "#[derive(Debug, eventsourcing::Event)]
#[event(prefix = \"order\")]
pub enum OrderEvent {
    Placed { item: String, #[cfg(test)] by_test: bool },
}

#[cfg(test)]
mod tests {
    #[derive(Debug, eventsourcing::Event)]
    #[event(prefix = \"probe\")]
    enum ProbeEvent {
        Sent,
    }

    #[test]
    fn sends() {
        drop(ProbeEvent::Sent);
    }
}
";
    let shop = Shop { outside: Outside::new("list-cfg-test", "shop") };
    shop.outside.write("src/lib.rs", source);
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "the tests cannot tell:\n{}", ran.text);
    shop.refuses(source, &["`order.placed` version 1 is locked", "by_test"]);
    // A field goes into every build, or into none; a fixture stays out of the lock.
    fs::remove_file(shop.outside.path("events.lock")).expect("there is a lock");
    let mended = source.replace(", #[cfg(test)] by_test: bool", "").replace("\"probe\"", "\"probe\", unlocked");
    let mended = format!("eventsourcing::events_lock!(OrderEvent);\n\n{mended}");
    shop.outside.write("src/lib.rs", &mended);
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "it is written:\n{}", ran.text);
    shop.compiles();
    let ran = shop.outside.run("cargo test");
    assert!(ran.succeeded, "{}", ran.text);
    // With a list, a type that only tests see is refused too.
    let locked = mended.replace("\"probe\", unlocked", "\"probe\"");
    shop.outside.write("src/lib.rs", &locked);
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "the tests cannot tell:\n{}", ran.text);
    shop.refuses(&locked, &["no type claims section [probe]", "`#[event(unlocked)]`"]);
}

#[test]
fn other_targets_of_the_package_have_lists_of_their_own() {
    let lib = SHOP.replace(LIST, "events_lock!(orders::OrderEvent, CardEvent, AnyEvent, \"worker\")");
    let worker = "eventsourcing::events_lock!(WorkerEvent, \"card\", \"order\");

#[derive(Debug, eventsourcing::Event)]
#[event(prefix = \"worker\")]
enum WorkerEvent {
    Woken,
}

fn main() {
    assert_eq!(EVENTS.events().count(), 1);
}
";
    let shop = Shop::locked("list-targets", SHOP);
    fs::create_dir_all(shop.outside.path("src/bin")).expect("the folder is writable");
    shop.outside.write(
        "src/bin/worker.rs",
        &worker
            .replace("eventsourcing::events_lock!(WorkerEvent, \"card\", \"order\");\n", "")
            .replace("EVENTS.events().count(), 1", "1, 1"),
    );
    let ran = shop.outside.run("EVENTS_LOCK=write cargo test --bin worker events_lock");
    assert!(ran.succeeded, "it is written:\n{}", ran.text);
    contains_all(&ran, &["Add to `src/bin/worker.rs`", "eventsourcing::events_lock!(WorkerEvent);"]);
    shop.refuses(SHOP, &["no type claims section [worker]", "another target of the package"]);
    shop.outside.write("src/lib.rs", &lib);
    shop.outside.write("src/bin/worker.rs", worker);
    let ran = shop.outside.run("cargo test --all-targets && cargo run --bin worker");
    assert!(ran.succeeded, "each target lists its own:\n{}", ran.text);
    // A fixture needs no list.
    fs::create_dir_all(shop.outside.path("tests")).expect("the folder is writable");
    shop.outside.write("tests/orders.rs", "#[derive(Debug, eventsourcing::Event)]\n#[event(prefix = \"order\", unlocked)]\nenum OldOrderEvent {\n    Placed,\n}\n\n#[test]\nfn old() {\n    drop(OldOrderEvent::Placed);\n}\n");
    let ran = shop.outside.run("cargo test --test orders");
    assert!(ran.succeeded, "{}", ran.text);
}

#[test]
fn one_run_says_which_targets_lack_sections_and_one_command_writes_them() {
    let event = |name: &str, prefix: &str| {
        format!(
            "#[derive(Debug, eventsourcing::Event)]\n#[event(prefix = \"{prefix}\")]\nenum {name} {{\n    Made,\n}}\n"
        )
    };
    let shop = Shop { outside: Outside::new("list-all-targets", "shop") };
    for folder in ["src/bin", "tests/flow", "tests/ui"] {
        fs::create_dir_all(shop.outside.path(folder)).expect("the folder is writable");
    }
    shop.outside.write("src/lib.rs", &event("OrderEvent", "order"));
    shop.outside.write("src/bin/worker.rs", &format!("{}\nfn main() {{}}\n", event("WorkerEvent", "worker")));
    shop.outside.write("tests/flow/main.rs", "mod steps;\n");
    shop.outside.write("tests/flow/steps.rs", &event("StepEvent", "step"));
    let fixture = event("OldEvent", "old").replace("\"old\"", "\"old\", unlocked");
    shop.outside.write("tests/old.rs", &fixture);
    // No target: a source that other tests compile.
    shop.outside.write("tests/ui/case.rs", &event("CaseEvent", "case"));

    let ran = shop.outside.run("cargo test");
    assert!(!ran.succeeded, "the lock is missing:\n{}", ran.text);
    contains_all(
        &ran,
        &["order.made version 1 is new", "[worker] in `src/bin/worker.rs`, [step] in `tests/flow/steps.rs`"],
    );
    assert!(!ran.text.contains("[case]") && !ran.text.contains("[old]"), "they are in no lock:\n{}", ran.text);
    let ran = shop.outside.run(WRITE);
    assert!(ran.succeeded, "all are written at once:\n{}", ran.text);
    let ran = shop.outside.run("cargo test");
    assert!(ran.succeeded, "nothing is left:\n{}", ran.text);

    // A target does not speak of its own types, which its tests do.
    shop.outside.write("tests/flow/steps.rs", &event("StepEvent", "step").replace("Made,", "Made,\n    Done,"));
    let ran = shop.outside.run("cargo test");
    assert!(!ran.succeeded && !ran.text.contains("other targets"), "{}", ran.text);
}

#[test]
fn a_type_inside_a_function_is_told_that_its_tests_cannot_run() {
    let inside = "pub fn one() {
    #[derive(Debug, eventsourcing::Event)]
    #[event(prefix = \"order\")]
    enum OrderEvent {
        Placed,
    }
    drop(OrderEvent::Placed);
}
";
    let shop = Shop { outside: Outside::new("list-function", "shop") };
    shop.outside.write("src/lib.rs", inside);
    let ran = shop.outside.run("cargo test");
    assert!(!ran.succeeded, "its tests would not run:\n{}", ran.text);
    contains_all(&ran, &["`OrderEvent` stands in a function", "write `#[event(unlocked)]`"]);
    shop.outside.write("src/lib.rs", &inside.replace("\"order\"", "\"order\", unlocked"));
    let ran = shop.outside.run("cargo test");
    assert!(ran.succeeded && !ran.text.contains("warning"), "a fixture may stand there:\n{}", ran.text);
}

struct Shop {
    outside: Outside,
}

impl Shop {
    /// A crate with these types, and with their lock.
    fn locked(test: &str, source: &str) -> Self {
        let shop = Self { outside: Outside::new(test, "shop") };
        shop.outside.write("src/lib.rs", source);
        let ran = shop.outside.run(WRITE);
        assert!(ran.succeeded, "the lock is written:\n{}", ran.text);
        shop
    }

    fn compiles(&self) {
        let ran = self.outside.run("cargo check");
        assert!(ran.succeeded, "it compiles:\n{}", ran.text);
    }

    /// The compiler says each of these; all that it says.
    fn refuses(&self, source: &str, words: &[&str]) -> String {
        self.outside.write("src/lib.rs", source);
        let ran = self.outside.run("cargo check");
        assert!(!ran.succeeded, "it does not compile:\n{}", ran.text);
        contains_all(&ran, words);
        ran.shown()
    }
}

/// The shop with another list.
fn listing(list: &str) -> String {
    SHOP.replace(LIST, list)
}

fn contains_all(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.text.contains(word), "`{word}` is said:\n{}", ran.text);
    }
}
