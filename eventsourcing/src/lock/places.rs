//! Where in a shape a field stands: `limits.currency`, `lines.price`, `state(Open).since`. Both a lock and the code have
//! such places, so what a note in the one is about can be found in the other.

use crate::schema::{Adapter, CutTarget, DefaultValue, Field, Shape, Tagging, Variant};

/// A place under each of the names it is read by, that of today first.
pub(super) type Names = Vec<String>;

/// How many names of one place are followed, where aliases stand inside of aliases.
const MOST: usize = 16;

/// What a lock says of a place beside its shape.
#[derive(Clone, Copy)]
pub(super) enum Note<'a> {
    /// The default of a field that may be absent.
    Default(&'a Field),
    /// What reads the shape that is stated.
    Stated(&'a Shape, &'a Adapter),
}

/// The shape with other notes, what `change` makes of each and its place. The cuts of the shape say what is behind them.
///
/// It leaks what it makes, as shapes are made of references to constants: only tests call it, a few times each.
pub(super) fn changed(shape: &Shape, change: &mut dyn FnMut(&Names, Note<'_>) -> Option<&'static str>) -> Shape {
    Walk { change }.shape(shape, &vec![String::new()])
}

/// Looks at each note.
pub(super) fn each(shape: &Shape, look: &mut dyn FnMut(&Names, Note<'_>)) {
    changed(shape, &mut |names, note| {
        look(names, note);
        None
    });
}

struct Walk<'a> {
    change: &'a mut dyn FnMut(&Names, Note<'_>) -> Option<&'static str>,
}

impl Walk<'_> {
    fn shape(&mut self, shape: &Shape, place: &Names) -> Shape {
        match shape {
            Shape::Option(inner) => Shape::Option(self.leaked(inner, place)),
            Shape::List(inner) => Shape::List(self.leaked(inner, place)),
            Shape::Set(inner) => Shape::Set(self.leaked(inner, place)),
            Shape::Array(inner, length) => Shape::Array(self.leaked(inner, place), *length),
            Shape::Recursive(inner) => Shape::Recursive(self.leaked(inner, place)),
            Shape::Ordered(inner) => Shape::Ordered(self.leaked(inner, place)),
            Shape::Format(format, inner) => Shape::Format(format, self.leaked(inner, place)),
            Shape::Stated(inner, adapter) => {
                let text = (self.change)(place, Note::Stated(inner, adapter));
                Shape::Stated(self.leaked(inner, place), text.map_or(Adapter::UNKNOWN, Adapter::locked))
            }
            Shape::Map { key, value } => Shape::Map { key, value: self.leaked(value, place) },
            Shape::Tuple(shapes) => {
                let shapes = shapes.iter().enumerate();
                Shape::Tuple(leak(shapes.map(|(at, shape)| self.shape(shape, &inside(place, &[&format!("[{at}]")])))))
            }
            Shape::Struct { fields, closed } => {
                Shape::Struct { fields: leak(fields.iter().map(|field| self.field(field, place))), closed: *closed }
            }
            Shape::Enum { tagging, variants } => {
                let variants = variants.iter().enumerate();
                let variants = leak(variants.map(|(at, variant)| self.variant(variant, at, tagging, place)));
                Shape::Enum { tagging: *tagging, variants }
            }
            Shape::Cut(beyond) => match beyond.shape() {
                Some(inner) => Shape::Cut(CutTarget::locked(self.leaked(inner, place))),
                None => *shape,
            },
            other => *other,
        }
    }

    fn leaked(&mut self, shape: &Shape, place: &Names) -> &'static Shape {
        Box::leak(Box::new(self.shape(shape, place)))
    }

    /// The fields of a flattened type stand in the place of the one that has it.
    fn field(&mut self, field: &Field, place: &Names) -> Field {
        if field.flatten {
            return Field { shape: self.shape(&field.shape, place), ..*field };
        }
        let names: Vec<String> =
            std::iter::once(&field.name).chain(field.aliases).map(|name| format!(".{name}")).collect();
        let place = inside(place, &names.iter().map(String::as_str).collect::<Vec<_>>());
        let text = if field.optional { (self.change)(&place, Note::Default(field)) } else { None };
        let default = text.map_or(DefaultValue::NONE, DefaultValue::locked);
        Field { shape: self.shape(&field.shape, &place), default, ..*field }
    }

    /// The names of untagged variants are not stored; their order counts.
    fn variant(&mut self, variant: &Variant, at: usize, tagging: &Tagging, place: &Names) -> Variant {
        let names: Vec<String> = match tagging {
            Tagging::Untagged => vec![format!("({at})")],
            _ => std::iter::once(&variant.name).chain(variant.aliases).map(|name| format!("({name})")).collect(),
        };
        let place = inside(place, &names.iter().map(String::as_str).collect::<Vec<_>>());
        Variant { shape: self.shape(&variant.shape, &place), ..*variant }
    }
}

/// Each step from each name of a place. No place begins with a dot.
fn inside(place: &Names, steps: &[&str]) -> Names {
    let names = place.iter().flat_map(|outer| steps.iter().map(move |step| format!("{outer}{step}")));
    names.take(MOST).map(|name| name.strip_prefix('.').unwrap_or(&name).to_owned()).collect()
}

fn leak<T>(parts: impl Iterator<Item = T>) -> &'static [T] {
    Box::leak(parts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::CodePlace;

    #[test]
    fn places_are_found_behind_every_kind_of_shape() {
        const FIELD: Field = Field {
            name: "limit",
            aliases: &[],
            shape: Shape::Bool,
            optional: true,
            flatten: false,
            read_only: false,
            default: DefaultValue::NONE,
            origin: CodePlace::UNKNOWN,
        };
        const INNER: Shape = Shape::Struct { fields: &[FIELD], closed: false };
        const MAP: Shape = Shape::Map { key: &Shape::String, value: &INNER };
        for shape in [MAP, Shape::Ordered(&MAP), Shape::Format("heap", &Shape::List(&INNER))] {
            let mut found = 0;
            each(&shape, &mut |_, _| found += 1);
            assert_eq!(found, 1, "{shape:?}");
        }
    }
}
