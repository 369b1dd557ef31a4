//! The code behind a stated shape in the lock. It changes while the shape stays, so no compiler sees it: the generated
//! test and the writer do.

use crate::defaults::{Desk, WRITE, says};

fn events(field: &str) -> String {
    format!(
        r#"
#[derive(Event)]
#[event(prefix = "desk")]
pub enum DeskEvent {{
    Paid {{
        {field}
        by: String,
    }},
}}

pub mod text {{
    pub mod whole {{
        pub fn serialize<T: ToString, S: serde::Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {{
            to.serialize_str(&value.to_string())
        }}
        pub fn deserialize<'de, T: std::str::FromStr, D: serde::Deserializer<'de>>(from: D) -> Result<T, D::Error> {{
            let text = <String as serde::Deserialize>::deserialize(from)?;
            text.parse().map_err(|_| serde::de::Error::custom("no number"))
        }}
    }}
    /// Reads as `whole` does, and writes something else.
    pub mod doubled {{
        pub use super::whole::deserialize;
        pub fn serialize<S: serde::Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {{
            to.serialize_str(&value.wrapping_mul(2).to_string())
        }}
    }}
}}

pub mod moved {{
    pub use crate::text::whole;
}}
"#
    )
}

const WHOLE: &str = "#[serde(with = \"text::whole\")] #[schema(as = String)] cents: u64,";

#[test]
fn code_behind_a_stated_shape_is_locked() {
    let desk = Desk::new("adapters", &events(WHOLE));
    let lock = desk.write_lock();
    let line = "    cents: stated (with text::whole, reads [\"0\", \"255\", \"65535\", \"4294967295\", \"18446744073709551615\"]) string\n";
    assert!(lock.contains(line), "{lock}");
    desk.tests_pass();

    // It reads less than it did.
    desk.source(&events(&WHOLE.replace("u64", "u8")));
    desk.refused(&[
        "`desk.paid` version 1",
        "cents: \"65535\" was read when this was locked, and now: no number",
        "make this version 2",
    ]);
    // Another type, that reads other texts.
    desk.source(&events(&WHOLE.replace("u64", "i64")));
    desk.refused(&["cents: \"18446744073709551615\" was read when this was locked"]);
    // The module is taken away, and with it the numbers.
    desk.source(&events("#[schema(as = String)] cents: u64,"));
    desk.refused(&["cents: \"0\" was read when this was locked, and now: invalid type: string"]);
    // The module is swapped for one that writes another value.
    desk.source(&events(&WHOLE.replace("whole", "doubled")));
    desk.refused(&[
        "other code stands behind a stated shape",
        "changed, at .cents: it is \"255\" and is written again as \"510\"",
    ]);

    // It has only moved: the test says so, and the writer takes it.
    desk.source(&events(&WHOLE.replace("text::whole", "moved::whole")));
    let ran = desk.outside.run("cargo test");
    assert!(!ran.succeeded, "{}", ran.text);
    says(&ran, &["- cents: stated (with text::whole, ", "+ cents: stated (with moved::whole, ", WRITE]);
    assert_eq!(desk.write_lock(), lock.replace("with text::", "with moved::"));
    desk.tests_pass();
    // It reads more than it did, and what it has read as well.
    desk.source(&events(&WHOLE.replace("text::whole", "moved::whole").replace("u64", "u128")));
    let wider = desk.write_lock();
    assert!(wider.contains("\"340282366920938463463374607431768211455\"]) string"), "{wider}");
    // A change that is meant, because nothing was stored.
    desk.source(&events(&WHOLE.replace("text::whole", "moved::whole").replace("u64", "u8")));
    let ran = desk.outside.run(&format!("EVENTS_LOCK_ACCEPT=\"desk.paid 1: cents\" {WRITE}"));
    assert!(ran.succeeded, "{}", ran.text);
    desk.tests_pass();
}

/// The attribute `serde_as` leaves a path to its adapter; a lock of an earlier release says `stated` alone.
#[test]
fn adapters_have_the_names_that_people_know() {
    let adapters = "
pub mod serde_with {
    pub struct As<T>(std::marker::PhantomData<T>);
    impl As<crate::DisplayFromStr> {
        pub fn serialize<S: serde::Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
            crate::text::whole::serialize(value, to)
        }
        pub fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
            crate::text::whole::deserialize(from)
        }
    }
}
pub struct DisplayFromStr;
";
    let field = "#[serde(with = \"serde_with::As::<DisplayFromStr>\")] #[schema(as = String)] cents: u64,";
    let desk = Desk::new("adapters-named", &(events(field) + adapters));
    let lock = desk.write_lock();
    assert!(lock.contains("    cents: stated (serde_as DisplayFromStr, reads [\"0\", "), "{lock}");
    let older = lock.lines().map(|line| match line.split_once("stated (") {
        Some((before, _)) => format!("{before}stated string\n"),
        None => format!("{line}\n"),
    });
    desk.outside.write("events.lock", &older.collect::<String>());
    let ran = desk.outside.run("cargo test");
    assert!(!ran.succeeded, "{}", ran.text);
    says(&ran, &["- cents: stated string", "+ cents: stated (serde_as DisplayFromStr, ", WRITE]);
    assert_eq!(desk.write_lock(), lock);
    desk.tests_pass();
}
