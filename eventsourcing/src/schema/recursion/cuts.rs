//! What is behind the cuts of `#[schema(recursive)]`. Constants cannot look there, because a cut ends a cycle of them;
//! the tests of a lock can. Knows nothing of the text of a lock.

use crate::schema::shape::{CutTarget, Field, Shape, Tagging, Target, Variant};

/// Today's shape, in which each cut says what is behind it, once: a type that comes again inside of itself is one that
/// a cut leads back to.
///
/// It leaks what it makes, as shapes are made of references to constants: only tests call it, a few times each.
pub(crate) fn said(shape: &Shape) -> Shape {
    Unfolding { around: Vec::new(), cuts: Cuts::Said }.shape(shape)
}

/// The shape with what is behind its cuts in their place: what leads back, and what nobody knows, stays cut. For today's
/// shapes and for locked ones; it leaks like [`said`].
pub(crate) fn unfolded(shape: &Shape) -> Shape {
    Unfolding { around: Vec::new(), cuts: Cuts::Replaced }.shape(shape)
}

struct Unfolding {
    /// The structs, enums and targets of cuts around, the nearest last; not those whose fields stand among the fields of another one.
    around: Vec<Shape>,
    cuts: Cuts,
}

/// What becomes of a cut.
#[derive(Clone, Copy)]
enum Cuts {
    /// It says what is behind it.
    Said,
    /// What is behind it stands in its place.
    Replaced,
    /// The same, for cuts behind fewer cuts than this, whether they lead back or not.
    Followed(usize),
}

/// Two types that differ have equal fingerprints if they differ behind cuts alone; so far they are told apart.
const TOLD_APART: usize = 2;

impl Unfolding {
    fn shape(&mut self, shape: &Shape) -> Shape {
        match shape {
            Shape::Option(inner) => Shape::Option(self.leaked(inner)),
            Shape::List(inner) => Shape::List(self.leaked(inner)),
            Shape::Set(inner) => Shape::Set(self.leaked(inner)),
            Shape::Array(inner, length) => Shape::Array(self.leaked(inner), *length),
            Shape::Stated(inner, adapter) => Shape::Stated(self.leaked(inner), *adapter),
            Shape::Ordered(inner) => Shape::Ordered(self.leaked(inner)),
            Shape::Format(format, inner) => Shape::Format(format, self.leaked(inner)),
            Shape::Tuple(shapes) => Shape::Tuple(leak(shapes.iter().map(|shape| self.shape(shape)))),
            Shape::Map { key, value } => Shape::Map { key: self.leaked(key), value: self.leaked(value) },
            Shape::Recursive(inner) => {
                Shape::Recursive(Box::leak(Box::new(self.inside(shape, |unfolding| unfolding.parts(inner)))))
            }
            Shape::Struct { .. } | Shape::Enum { .. } => self.inside(shape, |unfolding| unfolding.parts(shape)),
            Shape::Cut(CutTarget(kind)) => self.cut(*kind),
            other => *other,
        }
    }

    fn leaked(&mut self, shape: &Shape) -> &'static Shape {
        Box::leak(Box::new(self.shape(shape)))
    }

    fn inside<T>(&mut self, shape: &Shape, unfold: impl FnOnce(&mut Self) -> T) -> T {
        self.around.push(*shape);
        let unfolded = unfold(self);
        self.around.pop();
        unfolded
    }

    /// The shape, without being around its parts.
    fn parts(&mut self, shape: &Shape) -> Shape {
        match shape {
            Shape::Struct { fields, closed } => {
                Shape::Struct { fields: leak(fields.iter().map(|field| self.field(field))), closed: *closed }
            }
            Shape::Enum { tagging, variants } => {
                let variants = variants.iter().map(|variant| self.variant(variant, tagging));
                Shape::Enum { tagging: *tagging, variants: leak(variants) }
            }
            other => self.shape(other),
        }
    }

    fn field(&mut self, field: &Field) -> Field {
        let is_inlined = field.flatten && matches!(field.shape, Shape::Struct { .. });
        let shape = if is_inlined { self.parts(&field.shape) } else { self.shape(&field.shape) };
        Field { shape, ..*field }
    }

    /// What is behind a cut may be `null`, and then it is content all the same.
    fn variant(&mut self, variant: &Variant, tagging: &Tagging) -> Variant {
        let mut shape = self.shape(&variant.shape);
        if matches!(tagging, Tagging::External | Tagging::Adjacent { .. }) && !variant.shape.is_null() {
            shape = shape.as_content();
        }
        Variant { shape, ..*variant }
    }

    fn cut(&mut self, kind: Target) -> Shape {
        match (kind, self.cuts) {
            (Target::Type(shape), Cuts::Followed(cuts)) if cuts > 0 => {
                let within = std::mem::replace(&mut self.cuts, Cuts::Followed(cuts - 1));
                let followed = self.shape(&shape());
                self.cuts = within;
                followed
            }
            (Target::Type(shape), Cuts::Said | Cuts::Replaced) => self.target(&shape()),
            (Target::Shape(shape), _) => {
                let shape = self.shape(shape);
                self.put(shape)
            }
            // A lock that does not say takes what the code says; code that cannot tell has no place for what is locked.
            (Target::Unknown, Cuts::Replaced) => Shape::Cut(CutTarget(Target::Unsaid)),
            _ => Shape::Cut(CutTarget(kind)),
        }
    }

    fn target(&mut self, shape: &Shape) -> Shape {
        if matches!(shape, Shape::Cut(_)) {
            return self.cut(Target::Unknown);
        }
        let told_apart = |shape: &Shape| {
            Unfolding { around: Vec::new(), cuts: Cuts::Followed(TOLD_APART) }.shape(shape).fingerprint()
        };
        let is_same =
            |around: &Shape| around.fingerprint() == shape.fingerprint() && told_apart(around) == told_apart(shape);
        if let Some(steps) = self.around.iter().rev().position(is_same) {
            return Shape::Cut(CutTarget::back(steps + 1));
        }
        let counts = matches!(shape, Shape::Struct { .. } | Shape::Enum { .. } | Shape::Recursive(_));
        // Any other one is around its parts too, for the cuts in there may lead back to it.
        let unfolded = if counts { self.shape(shape) } else { self.inside(shape, |unfolding| unfolding.shape(shape)) };
        self.put(unfolded)
    }

    fn put(&self, shape: Shape) -> Shape {
        match self.cuts {
            Cuts::Said => Shape::Cut(CutTarget(Target::Shape(Box::leak(Box::new(shape))))),
            Cuts::Replaced | Cuts::Followed(_) => shape,
        }
    }
}

fn leak<T>(parts: impl Iterator<Item = T>) -> &'static [T] {
    Box::leak(parts.collect())
}
