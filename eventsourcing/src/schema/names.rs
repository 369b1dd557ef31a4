//! The keys that a shape knows: the names of its fields and variants, wherever they stand.

use crate::schema::shape::{Field, Shape, Tagging, Variant};

impl Shape {
    /// Whether something in this shape has this name, or may have it.
    pub(crate) fn knows(&self, key: &str) -> bool {
        let mut found = false;
        each(self, &mut |name| found |= name.is_none_or(|name| name == key));
        found
    }

    /// The names in this shape, each once, as far as they can be told, and not more than `most`.
    #[cfg(feature = "lock")]
    pub(crate) fn names(&self, most: usize) -> Vec<&'static str> {
        let mut names = Vec::new();
        each(self, &mut |name| {
            if let Some(name) = name
                && names.len() < most
                && !names.contains(&name)
            {
                names.push(name);
            }
        });
        names
    }
}

/// Visits each name, and `None` where there may be any.
fn each(shape: &Shape, visit: &mut dyn FnMut(Option<&'static str>)) {
    match shape {
        Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _)
        | Shape::Map { value: inner, .. }
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => each(inner, visit),
        Shape::Tuple(shapes) => shapes.iter().for_each(|shape| each(shape, visit)),
        Shape::Struct { fields, .. } => {
            for Field { name, aliases, shape, flatten, .. } in *fields {
                if !flatten {
                    visit(Some(name));
                    aliases.iter().for_each(|alias| visit(Some(alias)));
                }
                each(shape, visit);
            }
        }
        Shape::Enum { tagging, variants } => {
            match tagging {
                Tagging::Internal { tag } => visit(Some(tag)),
                Tagging::Adjacent { tag, content } => [tag, content].into_iter().for_each(|key| visit(Some(key))),
                Tagging::External | Tagging::Untagged => {}
            }
            for Variant { name, aliases, shape, .. } in *variants {
                if matches!(tagging, Tagging::External) {
                    visit(Some(name));
                    aliases.iter().for_each(|alias| visit(Some(alias)));
                }
                each(shape, visit);
            }
        }
        Shape::Cut(_) => visit(None),
        _ => {}
    }
}
