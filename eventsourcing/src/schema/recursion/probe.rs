//! Finds a type inside a shape that contains itself, where [`Shape::Itself`] would stand for the other one.

use crate::schema::{
    default::DefaultValue,
    shape::{CodePlace, Field, Shape, Variant},
};

impl Shape {
    /// The shape of the type that is looked for: an object, so that it may stand wherever a type may, and one that no
    /// other type has.
    pub(crate) const PROBE: Self = Self::Struct {
        fields: &[Field {
            name: "\0",
            aliases: &[],
            shape: Self::Null,
            optional: false,
            flatten: false,
            read_only: false,
            default: DefaultValue::NONE,
            origin: CodePlace::UNKNOWN,
        }],
        closed: false,
    };

    /// Whether the probe is in a part of the shape that contains itself; `inside` says that all of it is.
    pub(crate) const fn has_probe(&self, inside: bool) -> bool {
        match self {
            Self::Struct { fields: [Field { name, .. }], .. } if matches!(name.as_bytes(), [0]) => inside,
            Self::Recursive(inner) => inner.has_probe(true),
            Self::Option(inner)
            | Self::List(inner)
            | Self::Set(inner)
            | Self::Array(inner, _)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.has_probe(inside),
            Self::Map { key, value } => key.has_probe(inside) || value.has_probe(inside),
            Self::Tuple(shapes) => any(shapes, inside),
            Self::Struct { fields, .. } => any_field(fields, inside),
            Self::Enum { variants, .. } => any_variant(variants, inside),
            _ => false,
        }
    }
}

const fn any(shapes: &[Shape], inside: bool) -> bool {
    let mut rest = shapes;
    while let [shape, tail @ ..] = rest {
        if shape.has_probe(inside) {
            return true;
        }
        rest = tail;
    }
    false
}

const fn any_field(fields: &[Field], inside: bool) -> bool {
    let mut rest = fields;
    while let [field, tail @ ..] = rest {
        if field.shape.has_probe(inside) {
            return true;
        }
        rest = tail;
    }
    false
}

const fn any_variant(variants: &[Variant], inside: bool) -> bool {
    let mut rest = variants;
    while let [variant, tail @ ..] = rest {
        if variant.shape.has_probe(inside) {
            return true;
        }
        rest = tail;
    }
    false
}
