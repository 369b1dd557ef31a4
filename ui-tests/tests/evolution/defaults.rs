//! Defaults in the lock: what stored events mean that do not have a field. A changed one compiles, and the generated test
//! and the writer refuse it.

use crate::outside::{Outside, Ran};

pub(crate) const WRITE: &str = "EVENTS_LOCK=write cargo test events_lock";

pub(crate) struct Desk {
    pub(crate) outside: Outside,
}

impl Desk {
    pub(crate) fn new(name: &str, events: &str) -> Self {
        let desk = Self { outside: Outside::new(name, name) };
        desk.source(events);
        desk
    }

    pub(crate) fn source(&self, events: &str) {
        let text = format!(
            "#![allow(unused)]\nuse eventsourcing::{{Event, Schema}};\nuse serde::{{Deserialize, Serialize}};\n\n{events}\n"
        );
        self.outside.write("src/lib.rs", &text);
    }

    pub(crate) fn write_lock(&self) -> String {
        let ran = self.outside.run(WRITE);
        assert!(ran.succeeded, "the lock is written:\n{}", ran.text);
        self.outside.read("events.lock")
    }

    pub(crate) fn tests_pass(&self) {
        let ran = self.outside.run("cargo test");
        assert!(ran.succeeded, "the tests pass:\n{}", ran.text);
    }

    /// It compiles; the test says each of these, and so does the writer, which leaves the lock alone.
    pub(crate) fn refused(&self, words: &[&str]) {
        let lock = self.outside.read("events.lock");
        for line in ["cargo test", WRITE] {
            let ran = self.outside.run(line);
            assert!(!ran.succeeded, "`{line}` fails:\n{}", ran.text);
            assert!(!ran.text.contains("could not compile"), "it compiles:\n{}", ran.text);
            says(&ran, words);
        }
        assert_eq!(self.outside.read("events.lock"), lock, "a refusal leaves the lock alone");
    }
}

pub(crate) fn says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.text.contains(word), "`{word}` is said:\n{}", ran.text);
    }
}

/// Every place where serde takes a default from, at every depth, in today's version and in an older one.
const FIRST: &str = r#"
#[derive(Debug, Event)]
#[event(prefix = "desk")]
pub enum DeskEvent {
    #[event(version = 2, upcast(1 = OpenedV1))]
    Opened(Opened),
    Noted {
        #[serde(default)]
        pinned: bool,
        #[serde(default = "limit")]
        limit: u32,
        #[serde(default)]
        tags: std::collections::HashSet<String>,
        note: Option<String>,
    },
}

fn limit() -> u32 {
    10
}

#[derive(Debug, Serialize, Deserialize, Schema)]
pub struct Opened {
    lines: Vec<Line>,
    state: State,
}

#[derive(Debug, Serialize, Deserialize, Schema)]
#[serde(default)]
pub struct Line {
    #[serde(skip_serializing_if = "is_eur")]
    currency: String,
    cents: i64,
}

fn is_eur(currency: &str) -> bool {
    currency == "EUR"
}

impl Default for Line {
    fn default() -> Self {
        Self { currency: "EUR".to_owned(), cents: 1 }
    }
}

#[derive(Debug, Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum State {
    Open { #[serde(default = "desk")] at: String },
    Closed,
}

fn desk() -> String {
    "a: \"b\" (was c)".to_owned()
}

#[derive(Deserialize, Schema)]
struct OpenedV1 {
    #[serde(default)]
    lines: Vec<Unshown>,
    #[serde(default = "old_limit")]
    limit: u32,
}

fn old_limit() -> u32 {
    3
}

#[derive(Deserialize, Schema)]
struct Unshown {
    cents: i64,
}

impl From<OpenedV1> for Opened {
    fn from(_: OpenedV1) -> Self {
        Self { lines: Vec::new(), state: State::Closed }
    }
}
"#;

#[test]
fn the_value_of_a_default_is_locked() {
    let desk = Desk::new("defaults", FIRST);
    let lock = desk.write_lock();
    for line in [
        "    limit? = 10: u32\n",
        "    note?: option of string\n",
        "    pinned? = false: bool\n",
        "    tags? = []: set of string\n",
        "        cents? = 1: i64\n",
        "        currency? = \"EUR\": string\n",
        "            at? = \"a: \\\"b\\\" (was c)\": string\n",
        "desk.opened 1\n    limit? = 3: u32\n    lines? = []: list of struct\n",
    ] {
        assert!(lock.contains(line), "the lock has {line:?}:\n{lock}");
    }
    desk.tests_pass();

    let edits: [(&str, &str, &[&str]); 6] = [
        (
            "#[serde(default)]\n        pinned",
            "#[serde(default = \"yes\")]\n        pinned",
            &[
                "`desk.noted` version 1",
                "pinned: locked as false, now true",
                "make this version 2",
                "EVENTS_LOCK_ACCEPT=\"desk.noted 1: pinned\" EVENTS_LOCK=write cargo test events_lock",
            ],
        ),
        ("    10\n", "    11\n", &["limit: locked as 10, now 11"]),
        (
            "currency: \"EUR\"",
            "currency: \"USD\"",
            &["`desk.opened` version 2", "lines.currency: locked as \"EUR\", now \"USD\""],
        ),
        ("(was c)", "(was d)", &["state(Open).at: locked as \"a: \\\"b\\\" (was c)\", now"]),
        (
            "    3\n",
            "    4\n",
            &[
                "`desk.opened` version 1",
                "limit: locked as 3, now 4",
                "give the type of this version the locked default again",
            ],
        ),
        (
            "        note: Option",
            "        #[serde(default = \"some\")]\n        note: Option",
            &["note: locked as null, now \"n\""],
        ),
    ];
    for (from, to, words) in edits {
        assert!(FIRST.contains(from), "{from}");
        let helpers = "\nfn yes() -> bool { true }\nfn some() -> Option<String> { Some(\"n\".to_owned()) }\n";
        desk.source(
            &(FIRST
                .replace(from, to)
                .replace("== \"EUR\"", if from.contains("EUR") { "== \"USD\"" } else { "== \"EUR\"" })
                + helpers),
        );
        desk.refused(words);
    }

    // What is accepted stays to be seen.
    desk.source(&FIRST.replace("    10\n", "    11\n"));
    let ran = desk.outside.run(&format!("EVENTS_LOCK_ACCEPT=\"desk.noted 1: limit\" {WRITE}"));
    assert!(ran.succeeded, "{}", ran.text);
    let accepted = lock.replace("limit? = 10: u32", "limit? = 11 (was 10): u32");
    assert_eq!(desk.outside.read("events.lock"), accepted);
    desk.tests_pass();
    desk.source(FIRST);
    desk.refused(&["limit: locked as 11, now 10"]);
}

/// A lock of an earlier release has no values: it goes on to be read, and the test asks for them.
#[test]
fn a_lock_without_values_is_refreshed() {
    let desk = Desk::new("defaults-refreshed", FIRST);
    let lock = desk.write_lock();
    let mut older = String::new();
    for line in lock.lines() {
        let value = line.find(" = ").map(|at| (at, line.rfind(": ").unwrap_or(at)));
        older
            .push_str(&value.map_or_else(|| line.to_owned(), |(from, to)| format!("{}{}", &line[..from], &line[to..])));
        older.push('\n');
    }
    assert!(older.contains("    pinned?: bool\n") && !older.contains(" = "), "{older}");
    desk.outside.write("events.lock", &older);
    let ran = desk.outside.run("cargo test");
    assert!(!ran.succeeded, "{}", ran.text);
    says(&ran, &["- pinned?: bool", "+ pinned? = false: bool", "what is stored stays readable", WRITE]);
    assert_eq!(desk.write_lock(), lock);
    desk.tests_pass();
}

#[test]
fn a_default_that_is_another_one_each_time_or_cannot_be_shown_is_refused() {
    let events = r#"
#[derive(Event)]
#[event(prefix = "desk")]
pub enum DeskEvent {
    Opened { #[serde(default = "now")] at: u64, #[serde(default)] hidden: Hidden, seats: Seats<u8> },
}

fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() as u64)
}

#[derive(Default, Deserialize, Schema)]
pub struct Hidden { a: u8 }

impl Serialize for Hidden {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("hidden"))
    }
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Seats<T> {
    #[serde(default = "ten")]
    count: u8,
    #[serde(default)]
    first: T,
}

fn ten() -> u8 {
    10
}
"#;
    let desk = Desk::new("defaults-varying", events);
    let ran = desk.outside.run(WRITE);
    assert!(!ran.succeeded, "{}", ran.text);
    says(
        &ran,
        &[
            "  at: it was ",
            ", and a moment later ",
            "  hidden: its value cannot be shown",
            "Make the field an `Option`",
            "Derive `Serialize` or `Debug`",
        ],
    );
    assert!(!desk.outside.path("events.lock").exists(), "nothing is written");
}

/// A value that is not written is read as the default, so it has to be that: the test makes up the values that are
/// usually left out.
#[test]
fn a_skipped_value_must_read_back_as_itself() {
    let event = |fields: &str| {
        format!(
            "#[derive(Event)]\n#[event(prefix = \"desk\")]\npub enum DeskEvent {{\n    Opened {{\n{fields}\n    }},\n}}\n\n{HELPERS}"
        )
    };
    let right = [
        "#[serde(default, skip_serializing_if = \"Vec::is_empty\")] lines: Vec<u8>",
        "#[serde(default = \"ten\", skip_serializing_if = \"is_ten\")] limit: u32",
        "#[serde(skip_serializing_if = \"Option::is_none\")] note: Option<String>",
        "#[serde(default, skip_serializing_if = \"is_default\")] place: Place",
    ];
    let desk = Desk::new("defaults-skipped", &event(&right.join(",\n")));
    desk.write_lock();
    desk.tests_pass();
    let wrong = [
        (
            "#[serde(default = \"ten\", skip_serializing_if = \"is_zero\")] limit: u32",
            "lost, at .limit: it is 0 and is not written again, and then it is read as its default, 10",
        ),
        (
            "#[serde(default = \"one\", skip_serializing_if = \"Vec::is_empty\")] lines: Vec<u8>",
            "lost, at .lines: it is [] and is not written again, and then it is read as its default, [1]",
        ),
        (
            "#[serde(skip_serializing_if = \"is_nothing\")] note: Option<String>",
            "lost, at .note: it is \"\" and is not written again, and then it is read as its default, null",
        ),
        (
            "#[serde(default = \"nowhere\", skip_serializing_if = \"is_default\")] place: Place",
            "lost, at .place: it is {\"row\":0,\"seat\":\"\"}",
        ),
    ];
    for (field, words) in wrong {
        let name = field.rsplit_once("] ").map_or("", |(_, rest)| rest);
        let fields: Vec<&str> = right.iter().map(|other| if other.ends_with(name) { field } else { *other }).collect();
        desk.source(&event(&fields.join(",\n")));
        let ran = desk.outside.run("cargo test");
        assert!(!ran.succeeded, "{}", ran.text);
        says(&ran, &[words]);
    }
}

const HELPERS: &str = r"
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Schema)]
pub struct Place { row: u32, seat: String }

fn ten() -> u32 { 10 }
fn is_ten(limit: &u32) -> bool { *limit == 10 }
fn is_zero(limit: &u32) -> bool { *limit == 0 }
fn one() -> Vec<u8> { vec![1] }
fn is_nothing(note: &Option<String>) -> bool { note.as_deref().unwrap_or_default().is_empty() }
fn nowhere() -> Place { Place { row: 1, seat: String::new() } }
fn is_default<T: Default + PartialEq>(value: &T) -> bool { *value == T::default() }
";
