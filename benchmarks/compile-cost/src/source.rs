//! The sources of the crates: the same types, with other derives.

use std::fmt::Write;

const EVENTS: usize = 300;
const FLAT_EVENTS: usize = 100;
const EVENTS_OF_A_TYPE: usize = 10;

/// Two fields of each struct and each event are given where they are made: together twenty.
const FIELDS: [(&str, &str); 18] = [
    ("owner", "String"),
    ("amount", "u64"),
    ("balance", "i64"),
    ("active", "bool"),
    ("count", "u32"),
    ("rate", "f64"),
    ("note", "Option<String>"),
    ("offset", "i32"),
    ("tags", "Vec<String>"),
    ("limit", "Option<u64>"),
    ("kind", "u8"),
    ("port", "u16"),
    ("city", "String"),
    ("delta", "i16"),
    ("ratio", "f32"),
    ("street", "String"),
    ("total", "u64"),
    ("agreed", "Option<bool>"),
];

/// What is derived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Derives {
    Serde,
    Events,
}

/// Which types there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Types {
    /// 300 events of twenty fields, three levels deep.
    Deep,
    /// 100 events of ten fields.
    Flat,
}

pub(crate) fn source(types: Types, derives: Derives) -> String {
    match types {
        Types::Deep => deep(derives),
        Types::Flat => flat(derives),
    }
}

/// Enums of ten events, which are written and read as whole enums where serde alone is there, and as events else.
fn flat(derives: Derives) -> String {
    let mut source = String::new();
    let fields = fields_of(&FIELDS[..10], "the");
    let mut add = |text: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = source.write_fmt(text);
    };
    for group in 0..FLAT_EVENTS / EVENTS_OF_A_TYPE {
        match derives {
            Derives::Serde => add(format_args!(
                "\npub fn write{group}(event: &Group{group}) -> serde_json::Result<Vec<u8>> {{ serde_json::to_vec(event) }}\n\
                 pub fn read{group}(text: &[u8]) -> serde_json::Result<Group{group}> {{ serde_json::from_slice(text) }}\n\
                 #[derive(serde::Serialize, serde::Deserialize)]\n"
            )),
            Derives::Events => {
                add(format_args!("\n#[derive(eventsourcing::Event)]\n#[event(prefix = \"group{group}\")]\n"));
            }
        }
        add(format_args!("pub enum Group{group} {{\n"));
        for event in 0..EVENTS_OF_A_TYPE {
            add(format_args!("    Event{event} {{ {fields}}},\n"));
        }
        add(format_args!("}}\n"));
    }
    source
}

fn deep(derives: Derives) -> String {
    let mut source = String::from("use serde::{Deserialize, Serialize};\n");
    let (of_structs, of_enums) = match derives {
        Derives::Serde => ("Serialize, Deserialize", "Serialize, Deserialize"),
        Derives::Events => {
            source.push_str("use eventsourcing::{Event, Schema};\n");
            ("Serialize, Deserialize, Schema", "Event")
        }
    };
    let mut add = |text: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = source.write_fmt(text);
    };
    for event in 0..EVENTS {
        let (inner, middle) = (fields("inner"), fields("middle"));
        add(format_args!("\n#[derive({of_structs})]\npub struct Inner{event} {{ {inner}last: String, extra: u64 }}\n"));
        add(format_args!(
            "\n#[derive({of_structs})]\npub struct Middle{event} {{ {middle}one: Inner{event}, many: Vec<Inner{event}> }}\n"
        ));
    }
    for first in (0..EVENTS).step_by(EVENTS_OF_A_TYPE) {
        add(format_args!("\n#[derive({of_enums})]\n"));
        if derives == Derives::Events {
            add(format_args!("#[event(prefix = \"group{first}\")]\n"));
        }
        add(format_args!("pub enum Group{first} {{\n"));
        for event in first..first + EVENTS_OF_A_TYPE {
            let outer = fields("outer");
            add(format_args!("    Event{event} {{ {outer}one: Middle{event}, many: Vec<Middle{event}> }},\n"));
        }
        add(format_args!("}}\n"));
    }
    source
}

fn fields(prefix: &str) -> String {
    fields_of(&FIELDS, prefix)
}

fn fields_of(fields: &[(&str, &str)], prefix: &str) -> String {
    fields.iter().fold(String::new(), |fields, (name, ty)| fields + prefix + "_" + name + ": " + ty + ", ")
}
