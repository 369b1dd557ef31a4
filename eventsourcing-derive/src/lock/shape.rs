//! A locked shape, and its fingerprint.

use crate::{hash, tagging::Tagging};

/// As the library's `Shape`, whose words these are.
pub(crate) enum Shape {
    /// What has no parts: its word, and the expression that stands for it.
    Leaf(&'static Leaf),
    NonZero(&'static Leaf),
    Text(String),
    Format(String, Box<Shape>),
    Option(Box<Shape>),
    List(Box<Shape>),
    Set(Box<Shape>),
    Ordered(Box<Shape>),
    Array(usize, Box<Shape>),
    Tuple(Vec<Shape>),
    Map(Box<Shape>, Box<Shape>),
    Struct {
        fields: Vec<Field>,
        closed: bool,
    },
    Enum {
        tagging: Tagging,
        variants: Vec<Variant>,
    },
    Recursive(Box<Shape>),
    /// With what stands in parentheses before the shape.
    Stated(Option<String>, Box<Shape>),
    Cut(Behind),
}

/// What a cut leads to.
pub(crate) enum Behind {
    Shape(Box<Shape>),
    /// The struct, enum or target of a cut so many around it.
    Back(usize),
    Unknown,
}

pub(crate) struct Leaf {
    pub(crate) word: &'static str,
    /// The variant of the library's `Shape`.
    pub(crate) variant: &'static str,
    /// What the variant holds, a variant of an enum that is named alike.
    pub(crate) inner: Option<&'static str>,
}

pub(crate) struct Field {
    /// `None` for a flattened field, whose name is not on the wire.
    pub(crate) name: Option<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) optional: bool,
    /// What stands between the name and the shape of a field that may be absent: `= JSON`.
    pub(crate) default: Option<String>,
    pub(crate) shape: Shape,
}

pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) other: bool,
    pub(crate) shape: Shape,
}

/// How much of a shape a number is of.
#[derive(Clone, Copy)]
enum Depth {
    Cuts,
    Whole,
}

const fn leaf(word: &'static str, variant: &'static str, inner: Option<&'static str>) -> Leaf {
    Leaf { word, variant, inner }
}

static LEAVES: [Leaf; 16] = [
    leaf("null", "Null", None),
    leaf("bool", "Bool", None),
    leaf("i8", "Integer", Some("I8")),
    leaf("i16", "Integer", Some("I16")),
    leaf("i32", "Integer", Some("I32")),
    leaf("i64", "Integer", Some("I64")),
    leaf("u8", "Integer", Some("U8")),
    leaf("u16", "Integer", Some("U16")),
    leaf("u32", "Integer", Some("U32")),
    leaf("u64", "Integer", Some("U64")),
    leaf("f32", "Float", Some("F32")),
    leaf("f64", "Float", Some("F64")),
    leaf("char", "Char", None),
    leaf("string", "String", None),
    leaf("any", "Any", None),
    leaf("itself", "Itself", None),
];

/// The sorted keys of the types of the standard library that are objects in a format.
const KEYS_OF_FORMATS: [&[&str]; 5] =
    [&["nanos", "secs"], &["nanos_since_epoch", "secs_since_epoch"], &["end", "start"], &["start"], &["end"]];

/// The leaf of this word.
pub(crate) fn leaf_of(word: &str) -> Option<&'static Leaf> {
    LEAVES.iter().find(|leaf| leaf.word == word)
}

impl Shape {
    pub(crate) fn null() -> Self {
        Self::Leaf(&LEAVES[0])
    }

    /// A closed struct as a lock has it. Older releases wrote no formats, so one with the keys of a `Duration` or a range
    /// may have been one of these: it is in a format without a name, which every format reads.
    pub(crate) fn of_a_closed_struct(fields: Vec<Field>) -> Self {
        let mut names: Vec<_> = fields.iter().filter_map(|field| field.name.as_deref()).collect();
        names.sort_unstable();
        let may_be_a_format = fields.iter().all(Field::is_plain) && KEYS_OF_FORMATS.contains(&names.as_slice());
        let whole = Self::Struct { fields, closed: true };
        if may_be_a_format { Self::Format(String::new(), Box::new(whole)) } else { whole }
    }

    /// The same number as the library's for the same shape.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.number(Depth::Cuts)
    }

    /// A number that differs for shapes that differ behind a cut, or in the value of a default, as well.
    pub(crate) fn identity(&self) -> u64 {
        self.number(Depth::Whole)
    }

    fn number(&self, depth: Depth) -> u64 {
        match self {
            Self::Leaf(leaf) => hash::leaf(leaf.word),
            Self::NonZero(leaf) => hash::node("nonzero", hash::leaf(leaf.word)),
            Self::Text(format) => hash::node("text", hash::leaf(format)),
            Self::Format(format, inner) => hash::sequence("format", &[hash::leaf(format), inner.number(depth)]),
            Self::Option(inner) => hash::node("option", inner.number(depth)),
            Self::List(inner) => hash::node("list", inner.number(depth)),
            Self::Set(inner) => hash::node("set", inner.number(depth)),
            Self::Ordered(inner) => hash::node("ordered", inner.number(depth)),
            Self::Array(length, inner) => hash::sequence("array", &[*length as u64, inner.number(depth)]),
            Self::Tuple(shapes) => {
                let parts: Vec<u64> = shapes.iter().map(|shape| shape.number(depth)).collect();
                hash::sequence("tuple", &parts)
            }
            Self::Map(key, value) => hash::sequence("map", &[key.number(depth), value.number(depth)]),
            Self::Struct { fields, closed } => {
                let mut flattened = 0;
                let parts: Vec<_> = fields.iter().map(|field| field.part(&mut flattened, depth)).collect();
                hash::parts(hash::structure(*closed), &parts)
            }
            Self::Enum { tagging, variants } => {
                let parts: Vec<_> =
                    (1..).zip(variants).map(|(index, variant)| variant.part(tagging, index, depth)).collect();
                hash::parts(tagging.fingerprint(), &parts)
            }
            Self::Recursive(inner) => hash::node("recursive", inner.number(depth)),
            Self::Stated(adapter, inner) => match (adapter, depth) {
                (Some(text), Depth::Whole) => hash::sequence("stated", &[hash::leaf(text), inner.number(depth)]),
                _ => inner.number(depth),
            },
            Self::Cut(behind) => match (behind, depth) {
                (Behind::Shape(inner), Depth::Whole) => hash::node("cut", inner.number(depth)),
                (Behind::Back(steps), Depth::Whole) => hash::sequence("cut", &[*steps as u64]),
                _ => hash::leaf("cut"),
            },
        }
    }
}

impl Field {
    /// Whether it always stands under one name.
    fn is_plain(&self) -> bool {
        self.name.is_some() && self.aliases.is_empty() && !self.optional
    }

    fn part(&self, flattened: &mut u64, depth: Depth) -> (u64, u64, bool) {
        let names = if let Some(name) = &self.name {
            hash::names(name, &strs(&self.aliases))
        } else {
            *flattened += 1;
            hash::place(*flattened)
        };
        let shape = self.shape.number(depth);
        let shape = match (&self.default, depth) {
            (Some(text), Depth::Whole) => hash::sequence("default", &[hash::leaf(text), shape]),
            _ => shape,
        };
        (names, shape, self.optional)
    }
}

impl Variant {
    fn part(&self, tagging: &Tagging, index: u64, depth: Depth) -> (u64, u64, bool) {
        let names = match tagging {
            Tagging::Untagged => hash::place(index),
            _ => hash::names(&self.name, &strs(&self.aliases)),
        };
        (names, self.shape.number(depth), self.other)
    }
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
