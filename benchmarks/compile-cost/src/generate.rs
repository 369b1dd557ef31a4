//! The three crates: the same types, with other derives.

use std::{fmt::Write, fs, io, path::Path};

const EVENTS: usize = 300;
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

/// Writes a crate of this name into a folder of that name.
pub(crate) fn package(workspace: &Path, folder: &Path, name: &str, derives: Derives) -> io::Result<()> {
    let path = folder.join(name);
    fs::create_dir_all(path.join("src"))?;
    let library = workspace.join("eventsourcing");
    let manifest = format!(
        r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
eventsourcing = {{ path = "{}", default-features = false, features = ["macros"] }}
serde = {{ version = "1", features = ["derive"] }}

[workspace]
"#,
        library.display()
    );
    fs::write(path.join("Cargo.toml"), manifest)?;
    fs::copy(workspace.join("Cargo.lock"), path.join("Cargo.lock"))?;
    fs::write(path.join("src/lib.rs"), source(derives))
}

fn source(derives: Derives) -> String {
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
    FIELDS.iter().fold(String::new(), |fields, (name, ty)| fields + prefix + "_" + name + ": " + ty + ", ")
}
