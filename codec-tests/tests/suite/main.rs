//! What is written is read back as the same value, has the shape its type states, and is valid by the JSON Schema made
//! of that shape; what is almost like it is not.

#![expect(clippy::items_after_statements, reason = "a test defines its types where it uses them")]
#![expect(clippy::zero_sized_map_values, reason = "maps are tested with values of every kind")]

mod adapters;
mod contents;
mod decoding;
mod events;
mod foreign;
mod foreign_crates;
mod formats;
mod harness;
mod inexact;
mod merged_keys;
mod names;
mod refusals;
mod round_trips;
mod stated;
mod types;

/// The second run of this crate is worth nothing unless the features it is for are on.
#[test]
fn the_features_are_what_they_seem() {
    let exact: serde_json::Value = serde_json::from_str("1.0000000000000000000001").expect("a number");
    let exact = exact.to_string();
    assert_eq!(exact == "1.0000000000000000000001", cfg!(feature = "arbitrary_precision"));
    let ordered: serde_json::Value = serde_json::from_str(r#"{"b":1,"a":2}"#).expect("an object");
    let ordered = ordered.to_string();
    assert_eq!(ordered == r#"{"b":1,"a":2}"#, cfg!(feature = "preserve_order"));
}
