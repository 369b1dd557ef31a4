//! The tags of events, by the names that serde's keys give.

use eventsourcing::{Event, schema::EventTypes};

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "account", unlocked)]
#[serde(rename_all = "kebab-case")]
enum Prefixed {
    OwnerChanged,
    #[serde(rename = "Whole")]
    Renamed,
    #[event(tag = "first")]
    #[serde(rename = "second")]
    Both,
}

#[derive(Debug, PartialEq, Event)]
#[event(unlocked)]
#[serde(rename_all = "camelCase", rename_all_fields = "SCREAMING_SNAKE_CASE")]
enum Unprefixed {
    OwnerChanged {
        new_owner: String,
    },
    #[serde(rename = "acct.closed", rename_all = "PascalCase")]
    Closed {
        last_reason: String,
    },
}

#[derive(Debug, PartialEq, Event)]
#[event(unlocked)]
#[serde(rename = "account.frozen", rename_all = "camelCase")]
struct Frozen {
    by_whom: String,
}

fn tags(types: &'static EventTypes) -> Vec<&'static str> {
    types.all().map(|event| event.tag).collect()
}

#[test]
fn a_prefix_stands_before_names_that_are_made_and_not_before_names_that_are_given() {
    const PREFIXED: &EventTypes = &Prefixed::TYPES;
    const UNPREFIXED: &EventTypes = &Unprefixed::TYPES;
    const FROZEN: &EventTypes = &Frozen::TYPES;
    assert_eq!(tags(PREFIXED), ["account.owner-changed", "Whole", "first"]);
    assert_eq!(tags(UNPREFIXED), ["ownerChanged", "acct.closed"]);
    assert_eq!(tags(FROZEN), ["account.frozen"]);
}

#[test]
fn a_name_of_the_event_is_none_of_its_fields() {
    let changed = Unprefixed::OwnerChanged { new_owner: "Ada".into() };
    let closed = Unprefixed::Closed { last_reason: "moved".into() };
    let frozen = Frozen { by_whom: "Ada".into() };
    let text = |payload: Vec<u8>| String::from_utf8(payload).expect("JSON is text");
    assert_eq!(text(changed.encode().expect("it is written").payload), r#"{"NEW_OWNER":"Ada"}"#);
    assert_eq!(text(closed.encode().expect("it is written").payload), r#"{"LastReason":"moved"}"#);
    assert_eq!(text(frozen.encode().expect("it is written").payload), r#"{"byWhom":"Ada"}"#);
}
