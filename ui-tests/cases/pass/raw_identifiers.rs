#![deny(warnings)]

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "raw")]
#[allow(non_camel_case_types)]
pub enum r#Enum {
    r#Type { r#fn: String, r#match: Option<r#struct> },
    r#async,
}

#[derive(Event)]
#[event(tag = "raw.loop")]
#[allow(non_camel_case_types)]
pub struct r#loop {
    pub r#in: u64,
}

#[derive(Serialize, Deserialize, Schema)]
#[allow(non_camel_case_types)]
pub struct r#struct {
    pub r#type: Box<r#enum>,
}

#[derive(Serialize, Deserialize, Schema)]
#[allow(non_camel_case_types)]
pub enum r#enum {
    r#Self_ { r#dyn: String },
    r#yield,
}

fn main() {
    let eventsourcing::schema::Shape::Struct { fields, .. } = r#Enum::TYPES.own[0].shape else { panic!() };
    assert_eq!(fields[0].name, "fn");
    assert_eq!(r#Enum::TYPES.own[1].tag, "raw.async");
    let stored = r#Enum::r#Type { r#fn: String::from("f"), r#match: None }.encode().unwrap();
    assert_eq!(stored.payload, br#"{"fn":"f","match":null}"#);
}
