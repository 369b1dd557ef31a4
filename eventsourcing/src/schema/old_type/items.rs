//! Structs, and the fields of variants; each type is followed by those that it needs.

use super::{
    names::{member, unraw},
    questions::{has_cut, has_default, has_listed_set, stands_alone},
    today::{counterpart, fields_of},
    types::element,
    writer::{Pass, Place, Use, Writer},
};
use crate::{
    schema::{
        compare::fields::plain,
        shape::{Field, Shape},
    },
    vocabulary::same,
};

/// How a locked field is written.
#[derive(Clone, Copy)]
pub(super) enum Plan<'a> {
    /// As today, with the same type.
    Today(&'a str),
    /// With the type of its shape.
    Plain,
    /// With that type, and serde's default where it is absent.
    Default,
    /// As an option of that type, for nobody knows the default that it had.
    Optional,
    /// As a type around an option, which has to be there.
    Around,
}

impl Plan<'_> {
    pub(super) const fn of<'a>(field: &Field, today: Option<&'a Field>) -> Plan<'a> {
        let is_option = matches!(plain(&field.shape), Shape::Option(_));
        if field.optional && !is_option && !field.flatten {
            return if has_default(&field.shape) { Plan::Default } else { Plan::Optional };
        }
        if let Some(today) = today {
            let is_same = !today.origin.ty().is_empty()
                && today.optional == field.optional
                && today.shape.fingerprint() == field.shape.fingerprint()
                && stands_alone(&field.shape, false);
            if is_same {
                return Plan::Today(today.origin.ty());
            }
        }
        if is_option && !field.optional && !field.flatten { Plan::Around } else { Plan::Plain }
    }
}

impl Writer {
    /// The type of this place, and those that it needs.
    pub(super) const fn item(&mut self, shape: &Shape, now: Option<&Shape>, place: &Place<'_>, what: Use) {
        match shape {
            Shape::Stated(inner, _) => self.item(inner, now, place, what),
            Shape::Recursive(inner) => {
                let whole = Place { is_around: true, ..*place };
                self.item(inner, unrecursive(now), &Place { whole: Some(&whole), ..whole }, what);
            }
            Shape::Struct { fields, closed } => {
                self.structure(fields, *closed, now, &Place { is_around: !place.is_merged, ..*place });
            }
            Shape::Enum { tagging, variants } => {
                self.choice(tagging, variants, now, &Place { is_around: true, ..*place }, what);
            }
            Shape::Tuple(shapes) if shapes.is_empty() || shapes.len() > 1 => {
                self.derives(Use::Value);
                self.begin("struct ", place);
                self.add("(");
                self.slots(Pass::Type, shapes, now, place);
                self.add(");\n");
                self.slots(Pass::Items, shapes, now, place);
            }
            content => self.newtype(content, now, place, what),
        }
    }

    /// What stands before a type.
    pub(super) const fn derives(&mut self, what: Use) {
        if !self.text.is_empty() {
            self.add("\n");
        }
        self.add("#[derive(serde::Deserialize, eventsourcing::Schema");
        if let Use::Key = what {
            self.add(", PartialEq, Eq, Hash");
        }
        self.add(")]\n");
    }

    pub(super) const fn begin(&mut self, kind: &str, place: &Place<'_>) {
        self.add(kind);
        place.write(&mut self.text);
    }

    /// A type around one field without a name.
    const fn newtype(&mut self, content: &Shape, now: Option<&Shape>, place: &Place<'_>, what: Use) {
        let inside = place.then("item", 0);
        self.derives(what);
        self.begin("struct ", place);
        self.add("(");
        self.slot(Pass::Type, content, now, &inside);
        self.add(");\n");
        self.slot(Pass::Items, content, now, &inside);
    }

    const fn structure(&mut self, fields: &[Field], closed: bool, now: Option<&Shape>, place: &Place<'_>) {
        self.derives(Use::Value);
        self.begin(if closed { "#[serde(deny_unknown_fields)]\nstruct " } else { "struct " }, place);
        self.add(" {\n");
        self.fields(Pass::Type, fields, fields_of(now), place, "    ");
        self.add("}\n");
        self.fields(Pass::Items, fields, fields_of(now), place, "");
    }

    pub(super) const fn fields(
        &mut self,
        pass: Pass,
        fields: &[Field],
        now: &[Field],
        place: &Place<'_>,
        indent: &str,
    ) {
        let mut i = 0;
        while i < fields.len() {
            let field = &fields[i];
            let today = counterpart(fields, now, i);
            let plan = Plan::of(field, today);
            let name = member(fields, now, i);
            if let Pass::Type = pass {
                self.keys_of(field, plan, unraw(name.text()), indent);
            }
            let is_merged = field.flatten && matches!(field.shape, Shape::Struct { .. });
            let inside = Place { is_merged, ..place.then(unraw(name.text()), i) };
            self.field(pass, field, plan, (name.text(), today), &inside, indent);
            i += 1;
        }
    }

    const fn field(
        &mut self,
        pass: Pass,
        field: &Field,
        plan: Plan<'_>,
        (name, today): (&str, Option<&Field>),
        place: &Place<'_>,
        indent: &str,
    ) {
        let now = match today {
            Some(today) => Some(&today.shape),
            None => None,
        };
        if let Pass::Type = pass {
            if !matches!(plan, Plan::Today(_) | Plan::Around) {
                self.schema_of(&field.shape, matches!(plan, Plan::Optional), now, place, indent, "\n");
            }
            self.add(indent);
            self.add(name);
            self.add(": ");
        }
        match (plan, pass) {
            (Plan::Around, Pass::Type) => place.write(&mut self.text),
            (Plan::Around, Pass::Items) => self.newtype(&field.shape, now, place, Use::Value),
            _ => self.type_of(pass, field, plan, now, place),
        }
        if let Pass::Type = pass {
            self.add(",\n");
        }
    }

    pub(super) const fn type_of(
        &mut self,
        pass: Pass,
        field: &Field,
        plan: Plan<'_>,
        now: Option<&Shape>,
        place: &Place<'_>,
    ) {
        match (plan, pass) {
            (Plan::Today(ty), Pass::Type) => self.add(ty),
            (Plan::Today(_), Pass::Items) => {}
            (Plan::Optional, Pass::Type) => {
                self.add("Option<");
                self.ty(pass, &field.shape, now, place);
                self.add(">");
            }
            _ => self.ty(pass, &field.shape, now, place),
        }
    }

    /// serde's keys on a field.
    const fn keys_of(&mut self, field: &Field, plan: Plan<'_>, name: &str, indent: &str) {
        let mut keys = Keys::new(indent);
        if field.flatten {
            keys.begin(self, "flatten");
        } else if !same(name, field.name) {
            keys.begin(self, "rename = ");
            self.literal(field.name);
        }
        let mut i = 0;
        while i < field.aliases.len() {
            keys.begin(self, "alias = ");
            self.literal(field.aliases[i]);
            i += 1;
        }
        if matches!(plan, Plan::Default | Plan::Optional) {
            keys.begin(self, "default");
        }
        keys.end(self);
    }

    /// What the schema of a field is to be when its type does not say it.
    const fn schema_of(
        &mut self,
        shape: &Shape,
        stated: bool,
        now: Option<&Shape>,
        place: &Place<'_>,
        indent: &str,
        end: &str,
    ) {
        if has_cut(shape) {
            self.add(indent);
            self.add("#[schema(recursive)]");
            self.add(end);
        } else if stated || has_listed_set(shape) {
            self.add(indent);
            self.add("#[schema(as = ");
            self.sets = true;
            self.ty(Pass::Type, shape, now, place);
            self.sets = false;
            self.add(")]");
            self.add(end);
        }
    }

    /// A field without a name.
    pub(super) const fn slot(&mut self, pass: Pass, shape: &Shape, now: Option<&Shape>, place: &Place<'_>) {
        if let Pass::Type = pass {
            self.schema_of(shape, false, now, place, "", " ");
        }
        self.ty(pass, shape, now, place);
    }

    pub(super) const fn slots(&mut self, pass: Pass, shapes: &[Shape], now: Option<&Shape>, place: &Place<'_>) {
        let mut i = 0;
        while i < shapes.len() {
            if i > 0
                && let Pass::Type = pass
            {
                self.add(", ");
            }
            self.slot(pass, &shapes[i], element(now, i), &place.then("", i));
            i += 1;
        }
    }
}

/// The keys of one attribute.
pub(super) struct Keys<'a> {
    begun: bool,
    indent: &'a str,
}

impl<'a> Keys<'a> {
    pub(super) const fn new(indent: &'a str) -> Self {
        Self { begun: false, indent }
    }

    pub(super) const fn begin(&mut self, writer: &mut Writer, key: &str) {
        if self.begun {
            writer.add(", ");
        } else {
            writer.add(self.indent);
            writer.add("#[serde(");
        }
        self.begun = true;
        writer.add(key);
    }

    pub(super) const fn end(&self, writer: &mut Writer) {
        if self.begun {
            writer.add(")]\n");
        }
    }
}

const fn unrecursive(now: Option<&Shape>) -> Option<&Shape> {
    match now {
        Some(Shape::Stated(inner, _)) => unrecursive(Some(inner)),
        Some(Shape::Recursive(inner)) => Some(inner),
        now => now,
    }
}
