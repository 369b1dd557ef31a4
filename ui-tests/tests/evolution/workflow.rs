//! The way of a crate from its first event to a retired one: each change with what the compiler, the generated tests and
//! the writer of the lock make of it. Nothing is ever cleaned, so each step also shows that cargo notices it.

use std::fs;

use crate::outside::{Outside, Ran};

/// The one command that every message names.
const WRITE: &str = "EVENTS_LOCK=write cargo test events_lock";

#[test]
fn from_the_first_event_to_its_retirement() {
    let shop = Shop { outside: Outside::new("workflow", "shop") };
    shop.first_event();
    shop.additive_change();
    shop.old_type_is_pasted();
    shop.breaking_change_and_second_version();
    shop.version_that_was_never_stored();
    shop.lock_changed_behind_the_compiler();
    shop.retirement();
    shop.what_the_writer_refuses();
    shop.branches_that_merge();
    shop.branches_in_conflict();
}

struct Shop {
    outside: Outside,
}

impl Shop {
    /// A new event compiles; the test asks for the lock; the lock, once written, is what the crate is compiled with.
    fn first_event(&self) {
        self.source(&enum_of("Placed { item: String, cents: u32 },\n    Shipped { parcel: String },"));
        self.compiles();
        let told = self.test_fails(&["shop.placed", "shop.shipped"]);
        assert!(told.contains(WRITE), "the test names the command:\n{told}");
        assert!(!self.outside.path("events.lock").exists(), "a test that was not asked to writes nothing");
        self.write_lock();
        self.lock_has(&[
            "[shop]",
            "shop.placed 1\n    cents: u32\n    item: string\n",
            "shop.shipped 1\n    parcel: string\n",
        ]);
        self.tests_pass();
        self.git("init --quiet --initial-branch main");
        self.commit("first events");
    }

    /// A change that old rows survive compiles; the test wants a refresh; the refreshed lock protects it.
    fn additive_change(&self) {
        self.source(&enum_of(
            "Placed { item: String, cents: u32, gift: Option<bool> },\n    Shipped { parcel: String },",
        ));
        self.compiles();
        let told = self.test_fails(&["shop.placed", "gift"]);
        assert!(told.contains(WRITE), "the test names the command:\n{told}");
        assert!(!told.contains("shop.shipped"), "nothing is wrong with the other event:\n{told}");
        self.write_lock();
        self.lock_has(&["    gift?: option of bool\n"]);
        self.tests_pass();
        self.commit("gifts");
    }

    /// What the compiler writes of the old type is pasted as it is: it compiles, and it is what is locked.
    fn old_type_is_pasted(&self) {
        let before = self.outside.read("src/lib.rs");
        let changed = "Placed { item: String, cents: String, gift: Option<bool> },\n    Shipped { parcel: String },";
        self.source(&enum_of(changed));
        let ran = self.outside.run("EVENTS_LOCK=old cargo check");
        assert!(!ran.succeeded, "it does not compile:\n{}", ran.text);
        contains_all(&ran, &["item: old.item,", "cents: todo!(),", "gift: old.gift,"]);
        let pasted: Vec<&str> = ran
            .text
            .lines()
            .skip_while(|line| !line.trim_start().starts_with("#[derive("))
            .take_while(|line| !line.trim_start().starts_with("--> "))
            .collect();
        let version = format!("#[event(version = 2, upcast(1 = PlacedV1))]\n    {changed}");
        self.source(&format!("#![allow(unreachable_code)]\n{}\n{}\n", enum_of(&version), pasted.join("\n")));
        self.compiles();
        self.source(&before);
        self.tests_pass();
    }

    /// A change that old rows do not survive is refused, until it is a second version with a step from the first.
    fn breaking_change_and_second_version(&self) {
        self.source(&enum_of(
            "Placed { item: String, cents: String, gift: Option<bool> },\n    Shipped { parcel: String },",
        ));
        self.refused(&["`shop.placed` version 1 is locked", "cents", "u32", "string"]);
        self.source(SECOND);
        self.compiles();
        self.test_fails(&["shop.placed", "2", WRITE]);
        self.write_lock();
        self.lock_has(&["shop.placed 1\n    cents: u32\n", "shop.placed 2\n    cents: string\n"]);
        self.tests_pass();
        self.commit("placed 2");
    }

    /// What nothing has stored may be taken out of the lock by hand, and then it may look as it likes.
    fn version_that_was_never_stored(&self) {
        let lock = self.outside.read("events.lock");
        let (kept, last) = lock.split_at(lock.find("shop.shipped 1").expect("it is locked"));
        assert_eq!(last, "shop.shipped 1\n    parcel: string\n");
        self.outside.write("events.lock", kept);
        self.source(&SECOND.replace("parcel: String", "parcel: u64"));
        self.compiles();
        self.write_lock();
        self.lock_has(&["shop.shipped 1\n    parcel: u64\n"]);
        self.outside.write("events.lock", &lock);
        self.refused(&["`shop.shipped` version 1 is locked", "locked as `string`, now `u64`"]);
        self.source(SECOND);
        self.tests_pass();
    }

    /// Whatever happens to the file is noticed, though no source has changed.
    fn lock_changed_behind_the_compiler(&self) {
        let lock = self.outside.read("events.lock");
        self.compiles();
        self.outside.write("events.lock", &lock.replace("    cents: u32\n", "    cents: i8\n"));
        self.refused(&["`shop.placed` version 1", "cents", "i8", "u32"]);
        self.outside.write("events.lock", &lock);
        self.compiles();
        self.outside.write("events.lock", &lock.replace("events.lock 1\n", "events.lock 2\n"));
        self.refused(&["events.lock:2: the lock has format 2", "update the dependency"]);
        fs::remove_file(self.outside.path("events.lock")).expect("there is a lock");
        self.compiles();
        self.test_fails(&["shop.placed", "shop.shipped", WRITE]);
        // That a file has appeared is what cargo cannot see: the test does, and the writer.
        self.outside.write("events.lock", &lock);
        self.test_fails(&["has changed since this was compiled", WRITE]);
        self.writer_refuses("has changed since this was compiled");
        self.write_lock();
        self.tests_pass();
        assert_eq!(self.outside.read("events.lock"), lock, "nothing was to be written");
    }

    /// An event that nothing writes any more stays readable by being named.
    fn retirement(&self) {
        let retired = SECOND.replace("    Shipped { parcel: String },\n", "");
        self.source(&retired);
        self.refused(&["`shop.shipped` is locked", "retired(\"shop.shipped\", versions = 1..=1)"]);
        self.source(&retired.replace("\"shop\"", "\"shop\", retired(\"shop.shipped\", versions = 1..=1)"));
        self.compiles();
        self.tests_pass();
        self.lock_has(&["shop.shipped 1\n    parcel: string\n"]);
        self.commit("shipped is retired");
    }

    /// Code that was compiled without the lock, and does not keep it, does not overwrite it.
    fn what_the_writer_refuses(&self) {
        let (lock, source) = (self.outside.read("events.lock"), self.outside.read("src/lib.rs"));
        let retyped =
            source.replacen("cents: String", "cents: bool", 1).replace("old.cents.to_string()", "old.cents == 0");
        let removed = source.replace(", retired(\"shop.shipped\", versions = 1..=1)", "");
        for (breaking, words) in
            [(&retyped, "`shop.placed` version 2 is locked"), (&removed, "`shop.shipped` is locked")]
        {
            fs::remove_file(self.outside.path("events.lock")).expect("there is a lock");
            self.source(breaking);
            let built = self.outside.run("cargo test --no-run");
            assert!(built.succeeded, "without a lock it compiles:\n{}", built.text);
            self.outside.write("events.lock", &lock);
            self.writer_refuses("has changed since this was compiled");
            self.writer_refuses(words);
        }
        self.source(&source);
        self.compiles();
        self.tests_pass();
    }

    /// Two branches that each add an event: git merges the lock, and it is the lock of the merged code.
    fn branches_that_merge(&self) {
        let base = self.outside.read("src/lib.rs");
        self.git("switch --quiet --create first");
        self.source(&base.replace("    #[event(version = 2", "    Asked { item: String },\n    #[event(version = 2"));
        self.write_lock();
        self.commit("asked");
        self.git("switch --quiet main");
        self.git("switch --quiet --create second");
        self.source(&base.replace("    Placed(Placed),\n", "    Placed(Placed),\n    Returned { reason: String },\n"));
        self.write_lock();
        self.commit("returned");
        self.git("merge --quiet --no-edit first");
        self.lock_has(&["shop.asked 1\n    item: string\n\nshop.placed 1\n", "shop.returned 1\n    reason: string\n"]);
        self.tests_pass();
    }

    /// Two branches that add at the same place: the compiler says what to do, and that is all there is to do.
    fn branches_in_conflict(&self) {
        let base = self.outside.read("src/lib.rs");
        self.git("switch --quiet --create third");
        self.source(&base.replace("    Returned {", "    Viewed { by: String },\n    Returned {"));
        self.write_lock();
        self.commit("viewed");
        self.git("switch --quiet second");
        self.source(&base.replace("    Asked {", "    Wrapped { paper: String },\n    Asked {"));
        self.write_lock();
        self.commit("wrapped");
        let merge = self.outside.run("git merge --no-edit third");
        assert!(merge.text.contains("Merge conflict in events.lock"), "{}", merge.text);
        assert!(!merge.text.contains("conflict in src"), "{}", merge.text);
        self.refused(&["a merge has left a conflict here", WRITE]);
        self.git("checkout --theirs events.lock");
        self.compiles();
        self.test_fails(&["shop.wrapped", WRITE]);
        self.write_lock();
        self.lock_has(&["shop.viewed 1\n    by: string\n\nshop.wrapped 1\n    paper: string\n"]);
        self.tests_pass();
    }

    fn source(&self, text: &str) {
        self.outside.write("src/lib.rs", text);
    }

    fn compiles(&self) {
        let ran = self.outside.run("cargo check");
        assert!(ran.succeeded, "it compiles:\n{}", ran.text);
    }

    /// The compiler says each of these.
    fn refused(&self, words: &[&str]) {
        let ran = self.outside.run("cargo check");
        assert!(!ran.succeeded, "it does not compile:\n{}", ran.text);
        contains_all(&ran, words);
    }

    fn tests_pass(&self) {
        let ran = self.outside.run("cargo test");
        assert!(ran.succeeded, "the tests pass:\n{}", ran.text);
        contains_all(&ran, &["test events_lock_of_shop_event ... ok", "test events_lock_history_of_shop_event ... ok"]);
    }

    /// A test says each of these; what it says.
    fn test_fails(&self, words: &[&str]) -> String {
        let ran = self.outside.run("cargo test");
        assert!(!ran.succeeded, "a test fails:\n{}", ran.text);
        assert!(!ran.text.contains("could not compile"), "it compiles:\n{}", ran.text);
        contains_all(&ran, words);
        ran.shown()
    }

    fn write_lock(&self) {
        let ran = self.outside.run(WRITE);
        assert!(ran.succeeded, "the lock is written:\n{}", ran.text);
    }

    /// The command says this, and writes nothing.
    fn writer_refuses(&self, words: &str) {
        let lock = self.outside.read("events.lock");
        let ran = self.outside.run(WRITE);
        assert!(!ran.succeeded, "nothing is to be written:\n{}", ran.text);
        contains_all(&ran, &[words]);
        assert_eq!(self.outside.read("events.lock"), lock, "a refusal leaves the lock alone");
    }

    fn lock_has(&self, parts: &[&str]) {
        let lock = self.outside.read("events.lock");
        for part in parts {
            assert!(lock.contains(part), "the lock has {part:?}:\n{lock}");
        }
    }

    fn commit(&self, message: &str) {
        self.git("add .");
        self.git(&format!("commit --quiet --message '{message}'"));
    }

    fn git(&self, arguments: &str) {
        let ran = self.outside.run(&format!("git {arguments}"));
        assert!(ran.succeeded, "git {arguments}:\n{}", ran.text);
    }
}

fn contains_all(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.text.contains(word), "`{word}` is said:\n{}", ran.text);
    }
}

fn enum_of(variants: &str) -> String {
    format!(
        "use eventsourcing::Event;\n\n#[derive(Debug, Event)]\n#[event(prefix = \"shop\")]\npub enum ShopEvent {{\n    {variants}\n}}\n"
    )
}

/// The second version of an event, and the step to it.
const SECOND: &str = r#"use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Event)]
#[event(prefix = "shop")]
pub enum ShopEvent {
    #[event(version = 2, upcast(1 = PlacedV1))]
    Placed(Placed),
    Shipped { parcel: String },
}

#[derive(Debug, Serialize, Deserialize, Schema)]
pub struct Placed {
    item: String,
    cents: String,
    gift: Option<bool>,
}

#[derive(Deserialize, Schema)]
struct PlacedV1 {
    item: String,
    cents: u32,
    gift: Option<bool>,
}

impl From<PlacedV1> for Placed {
    fn from(old: PlacedV1) -> Self {
        Self { item: old.item, cents: old.cents.to_string(), gift: old.gift }
    }
}
"#;
