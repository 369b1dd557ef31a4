//! Untagged enums whose shapes do not tell that a variant is never read, because the code behind a stated shape reads
//! more than the shape says. It compiles, and what is read is written again as it was; the generated test and the writer notice.

use crate::defaults::Desk;

fn events(code: &str) -> String {
    format!(
        r#"
#[derive(Event)]
#[event(prefix = "desk")]
pub enum DeskEvent {{
    Paid {{ amounts: Vec<Amount> }},
}}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum Amount {{
    Small(#[serde(with = "{code}")] #[schema(as = u8)] u64),
    Large(u64),
}}

pub mod strict {{
    pub use super::lenient::serialize;
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {{
        <u8 as serde::Deserialize>::deserialize(from).map(u64::from)
    }}
}}

pub mod lenient {{
    pub fn serialize<S: serde::Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {{
        to.serialize_u64(*value)
    }}
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {{
        <u64 as serde::Deserialize>::deserialize(from)
    }}
}}
"#
    )
}

#[test]
fn a_variant_that_code_never_leaves_a_value_is_noticed() {
    let desk = Desk::new("untagged", &events("strict"));
    desk.write_lock();
    desk.tests_pass();

    desk.source(&events("lenient"));
    desk.refused(&["every value of `Large` is read as `Small`", "value: ", "give the enum a tag"]);
}
