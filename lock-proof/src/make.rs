//! Random types with everything that a schema can state.

use crate::{
    foreign::FOREIGN,
    model::{Content, Def, Enum, Field, Leaf, Tagging, Ty, Variant, Wrapper},
    random::Random,
    valid::is_valid,
};

/// The type of a payload: a struct mostly, or an enum.
pub(crate) fn payload(random: &mut Random) -> Ty {
    loop {
        let def = if random.one_in(3) { Def::Enum(choice(random, 2)) } else { structure(random, 2) };
        let ty = Ty::Def(Box::new(def));
        if is_valid(&ty) {
            return ty;
        }
    }
}

const NAMES: &[&str] = &[
    "owner",
    "amount",
    "type",
    "kind",
    "city",
    "town",
    "lines",
    "two words",
    "größe",
    "a-b",
    "id",
    "Note",
    "x",
    "y",
    "value",
    "state",
];
const INTEGERS: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// A name for a field or variant; it may be taken.
pub(crate) fn name(random: &mut Random) -> String {
    random.pick(NAMES).to_owned()
}

pub(crate) fn leaf(random: &mut Random) -> Leaf {
    match random.below(18) {
        0 => Leaf::Bool,
        1 => Leaf::NonZero(random.pick(INTEGERS)),
        2 => Leaf::F32,
        3 => Leaf::F64,
        4 => Leaf::Char,
        5..=7 => Leaf::String,
        8 => Leaf::Uuid,
        9 => Leaf::Ip,
        10 => Leaf::Value,
        11 if random.one_in(3) => Leaf::Unit,
        12 | 13 => foreign(random),
        _ => Leaf::Int(random.pick(INTEGERS)),
    }
}

/// A type that is not ours.
pub(crate) fn foreign(random: &mut Random) -> Leaf {
    Leaf::Foreign(&FOREIGN[random.below(FOREIGN.len())])
}

/// A leaf that can be the key of a map and the element of a set.
pub(crate) fn key(random: &mut Random) -> Leaf {
    match random.below(8) {
        0 => Leaf::Bool,
        1 => Leaf::Char,
        2 => Leaf::Uuid,
        3 => Leaf::Ip,
        4 => Leaf::Int(random.pick(INTEGERS)),
        _ => Leaf::String,
    }
}

/// Any type; `depth` is how many structs and enums may still stand inside each other.
pub(crate) fn ty(random: &mut Random, depth: usize) -> Ty {
    match random.below(22) {
        0..=2 => Ty::Option(Box::new(ty(random, depth))),
        3 => Ty::List(Box::new(ty(random, depth))),
        4 => Ty::Set(key(random)),
        5 => Ty::Array(Box::new(Ty::Leaf(leaf(random))), 1 + random.below(3)),
        6 => Ty::Tuple((0..=random.below(3)).map(|_| Ty::Leaf(leaf(random))).collect()),
        7 => Ty::Map(key(random), Box::new(ty(random, depth))),
        8 if random.one_in(2) => Ty::Boxed(Box::new(ty(random, depth))),
        9..=11 if depth > 0 => Ty::Def(Box::new(def(random, depth - 1))),
        12 if depth > 0 => Ty::Itself(random.pick(&[Wrapper::Option, Wrapper::List, Wrapper::Map])),
        13 => Ty::Ordered(Box::new(if random.one_in(2) {
            Ty::Set(key(random))
        } else {
            Ty::Map(key(random), Box::new(ty(random, depth)))
        })),
        14 if random.one_in(2) => Ty::Heap(key(random)),
        _ => Ty::Leaf(leaf(random)),
    }
}

pub(crate) fn def(random: &mut Random, depth: usize) -> Def {
    match random.below(5) {
        0 => Def::Newtype(ty(random, 0)),
        1 | 2 => structure(random, depth),
        _ => Def::Enum(choice(random, depth)),
    }
}

fn structure(random: &mut Random, depth: usize) -> Def {
    let count = 1 + random.below(4);
    let mut fields: Vec<Field> = (0..count).map(|_| field(random, depth)).collect();
    if depth > 0 && random.one_in(8) {
        fields.extend(beside_map(random));
    }
    Def::Struct { closed: random.one_in(6) && fields.iter().all(|field| !field.flatten), fields }
}

pub(crate) fn field(random: &mut Random, depth: usize) -> Field {
    let mut field = Field::new(name(random), ty(random, depth));
    if random.one_in(5) {
        field.aliases.push(name(random));
    }
    field.default = field.ty.has_default() && random.one_in(3);
    field.given = field.given().is_some() && random.one_in(2);
    field.skip = random.one_in(3)
        && (matches!(field.ty, Ty::Option(_)) || (field.default && matches!(field.ty, Ty::List(_) | Ty::Map(..))));
    field.unwritten = field.default && !field.skip && random.one_in(8);
    if random.one_in(4) {
        field = merged(random, depth, field);
    }
    field
}

/// A flattened map, and before it something flattened that may get more keys.
fn beside_map(random: &mut Random) -> [Field; 2] {
    let beside = if random.one_in(2) {
        Ty::Def(Box::new(Def::Enum(Enum { tagging: Tagging::External, ..choice(random, 0) })))
    } else {
        Ty::Option(Box::new(Ty::Def(Box::new(structure(random, 0)))))
    };
    let map = Ty::Map(Leaf::String, Box::new(Ty::Leaf(leaf(random))));
    [beside, map].map(|ty| Field { flatten: true, ..Field::new(name(random), ty) })
}

/// A flattened field in place of one that is not.
fn merged(random: &mut Random, depth: usize, field: Field) -> Field {
    let ty = match random.below(4) {
        0 => Ty::Map(Leaf::String, Box::new(Ty::Leaf(leaf(random)))),
        1 if depth > 0 => Ty::Def(Box::new(Def::Enum(choice(random, 0)))),
        2 if depth > 0 => Ty::Option(Box::new(Ty::Def(Box::new(structure(random, 0))))),
        _ if depth > 0 => Ty::Def(Box::new(structure(random, 0))),
        _ => return field,
    };
    Field { flatten: true, ..Field::new(field.name, ty) }
}

fn choice(random: &mut Random, depth: usize) -> Enum {
    let tagging = tagging(random);
    let count = 1 + random.below(3);
    let mut variants: Vec<Variant> = (0..count).map(|_| variant(random, depth)).collect();
    let has_names = matches!(tagging, Tagging::Internal(_) | Tagging::Adjacent(..));
    if let (true, true, Some(last)) = (has_names, random.one_in(4), variants.last_mut()) {
        last.content = Content::Unit;
        last.other = true;
    }
    Enum { tagging, variants }
}

pub(crate) fn tagging(random: &mut Random) -> Tagging {
    match random.below(5) {
        0 | 1 => Tagging::External,
        2 => Tagging::Internal("type".to_owned()),
        3 => Tagging::Adjacent("type".to_owned(), random.pick(&["value", "a"]).to_owned()),
        _ => Tagging::Untagged,
    }
}

pub(crate) fn variant(random: &mut Random, depth: usize) -> Variant {
    let content = match random.below(6) {
        0 | 1 => Content::Unit,
        2 => Content::Newtype(ty(random, depth)),
        3 => Content::Tuple((0..2 + random.below(2)).map(|_| Ty::Leaf(leaf(random))).collect()),
        4 if depth > 0 => Content::Newtype(Ty::Def(Box::new(structure(random, 0)))),
        _ => Content::Struct((0..=random.below(2)).map(|_| field(random, 0)).collect()),
    };
    let aliases = if random.one_in(5) { vec![name(random)] } else { Vec::new() };
    Variant { name: name(random), aliases, other: false, unwritten: false, content }
}
