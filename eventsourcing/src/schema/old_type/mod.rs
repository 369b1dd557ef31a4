//! The Rust of a locked shape: the type that a breaking change leaves behind, ready to paste, with the step from it to
//! what there is today.
//!
//! A breaking change does not compile, so no test runs that could write the type: the compiler does, while it evaluates
//! the comparison that fails. What has not changed is written as it is written today.

mod enums;
mod items;
mod leaves;
mod names;
mod origin;
mod questions;
mod step;
mod today;
mod types;
mod writer;

pub(crate) use origin::owner;
pub use writer::OldType;
pub(crate) use writer::Source;

use step::plain_field;
use today::fields_of;
use writer::{Place, Use, Writer};

use crate::schema::{compare::Text, shape::Shape};

/// The locked shape as a type of this name, and the step from it. Each type is written whole, with full paths.
pub(crate) const fn source(old: &OldType<'_>, now: &Shape, locked: &Shape) -> Source {
    let mut writer = Writer::new();
    writer.item(locked, Some(now), &Place::root(old.name), Use::Value);
    if !old.into.is_empty() {
        writer.step(old, now, locked);
    }
    writer.text
}

/// The type on one line, when it is a struct of one or two fields that need nothing else.
pub(crate) const fn short(old: &OldType<'_>, now: &Shape, locked: &Shape) -> Option<Text<512>> {
    let Shape::Struct { fields: fields @ ([_] | [_, _]), closed: false } = locked else { return None };
    let mut line = Text::new();
    line.add("struct ");
    line.add(old.name);
    line.add(" { ");
    let mut i = 0;
    while i < fields.len() {
        let Some((name, ty)) = plain_field(fields, fields_of(Some(now)), i) else { return None };
        line.add(if i == 0 { "" } else { ", " });
        line.add(name.text());
        line.add(": ");
        line.add(ty.text());
        i += 1;
    }
    line.add(" }");
    if line.is_full() { None } else { Some(line) }
}
