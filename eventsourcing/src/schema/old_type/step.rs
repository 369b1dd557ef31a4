//! The step from the old type: each field that is called what it was called, and is of the type that it was of, is moved.

use super::{
    items::Plan,
    leaves::leaf,
    names::{Word, member, unraw},
    origin::owner,
    today::{counterpart, fields_of},
    writer::{OldType, Pass, Place, Writer},
};
use crate::{
    schema::{
        compare::Text,
        shape::{Field, Shape},
    },
    vocabulary::same,
};

impl Writer {
    pub(super) const fn step(&mut self, old: &OldType<'_>, now: &Shape, locked: &Shape) {
        self.add("\nimpl From<");
        self.add(old.name);
        self.add("> for ");
        self.add(old.into);
        self.add(" {\n    fn from(old: ");
        self.add(old.name);
        self.add(") -> Self {\n");
        match whole(now) {
            Shape::Struct { fields, .. } if !old.variant.is_empty() || same(owner(now), old.into) => {
                self.values(old, fields, fields_of(Some(locked)));
            }
            _ => self.add("        todo!()\n"),
        }
        self.add("    }\n}\n");
    }

    const fn values(&mut self, old: &OldType<'_>, now: &[Field], locked: &[Field]) {
        self.add("        Self");
        if !old.variant.is_empty() {
            self.add("::");
            self.add(old.variant);
        }
        self.add(" {\n");
        let mut i = 0;
        while i < now.len() {
            self.add("            ");
            self.add(now[i].origin.member());
            self.add(": ");
            self.value(&now[i], now, locked);
            self.add(",\n");
            i += 1;
        }
        i = 0;
        while i < old.hidden.len() {
            self.add("            ");
            self.add(old.hidden[i]);
            self.add(": todo!(),\n");
            i += 1;
        }
        if let ([first, ..], true) = (now, old.variant.is_empty())
            && first.origin.hides_fields()
        {
            self.add("            ..todo!()\n");
        }
        self.add("        }\n");
    }

    const fn value(&mut self, field: &Field, now: &[Field], locked: &[Field]) {
        let mut i = 0;
        while i < locked.len() {
            if let Some(today) = counterpart(locked, now, i)
                && same(today.origin.member(), field.origin.member())
                && agrees(&locked[i], today)
            {
                self.add("old.");
                self.add(member(locked, now, i).text());
                return;
            }
            i += 1;
        }
        self.add("todo!()");
    }
}

/// The shape of the type itself, which may contain itself.
const fn whole(shape: &Shape) -> &Shape {
    match shape {
        Shape::Stated(inner, _) | Shape::Recursive(inner) => whole(inner),
        other => other,
    }
}

/// Whether the field is of the type that it is of today.
const fn agrees(locked: &Field, today: &Field) -> bool {
    match Plan::of(locked, Some(today)) {
        Plan::Today(_) => true,
        Plan::Optional | Plan::Around => false,
        plan => {
            let mut writer = Writer::new();
            writer.type_of(Pass::Type, locked, plan, Some(&today.shape), &Place::root(""));
            !writer.text.is_empty() && same(writer.text.text(), today.origin.ty())
        }
    }
}

/// The name and the type of a field that needs no attributes and no type of its own.
pub(super) const fn plain_field(locked: &[Field], now: &[Field], at: usize) -> Option<(Word, Text<128>)> {
    let field = &locked[at];
    let today = counterpart(locked, now, at);
    let (name, plan) = (member(locked, now, at), Plan::of(field, today));
    let needs_keys = field.flatten || !field.aliases.is_empty() || !same(unraw(name.text()), field.name);
    let mut ty = Text::new();
    match plan {
        Plan::Today(text) => ty.add(text),
        Plan::Plain => match leaf(&field.shape) {
            Some(text) => ty.add(text),
            None => return None,
        },
        _ => return None,
    }
    if needs_keys || ty.is_full() { None } else { Some((name, ty)) }
}
