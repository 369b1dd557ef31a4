//! Shapes of types that were never compiled, so that the rules alone meet many more of them.

use eventsourcing::schema::{
    Field as ShapeField, Float, Integer, Shape, Tagging as ShapeTagging, Variant as ShapeVariant,
};

use crate::model::{Content, Def, Enum, Field, Leaf, Tagging, Ty, Variant, Wrapper};

/// The shape that the derive states for a type. It stays for ever, as shapes do.
pub(crate) fn shape(ty: &Ty) -> Shape {
    match ty {
        Ty::Leaf(leaf) => leaf_shape(*leaf),
        Ty::Option(inner) => Shape::Option(kept(shape(inner))),
        Ty::Boxed(inner) => shape(inner),
        Ty::List(inner) => Shape::List(kept(shape(inner))),
        Ty::Set(leaf) => Shape::Set(kept(leaf_shape(*leaf))),
        Ty::Array(inner, length) => Shape::Array(kept(shape(inner)), *length),
        Ty::Tuple(types) => tuple(types),
        Ty::Map(key, value) => Shape::Map { key: kept(leaf_shape(*key)), value: kept(shape(value)) },
        Ty::Ordered(inner) => Shape::Ordered(kept(shape(inner))),
        Ty::Heap(leaf) => Shape::Format("heap", kept(Shape::List(kept(leaf_shape(*leaf))))),
        Ty::Itself(Wrapper::Option) => Shape::Option(&Shape::Itself),
        Ty::Itself(Wrapper::List) => Shape::List(&Shape::Itself),
        Ty::Itself(Wrapper::Map) => Shape::Map { key: &Shape::String, value: &Shape::Itself },
        Ty::Def(def) => {
            let whole = match &**def {
                Def::Struct { fields: list, closed } => Shape::Struct { fields: fields(list), closed: *closed },
                Def::Newtype(ty) => shape(ty),
                Def::Enum(Enum { tagging: by, variants }) => {
                    Shape::Enum { tagging: tagging(by), variants: all(variants.iter().map(|one| variant(one, by))) }
                }
            };
            if holds_itself(def) { Shape::Recursive(kept(whole)) } else { whole }
        }
    }
}

fn kept(shape: Shape) -> &'static Shape {
    Box::leak(Box::new(shape))
}

fn text(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

fn all<T>(parts: impl Iterator<Item = T>) -> &'static [T] {
    Vec::leak(parts.collect())
}

fn texts(list: &[String]) -> &'static [&'static str] {
    all(list.iter().map(|name| text(name)))
}

fn tuple(types: &[Ty]) -> Shape {
    Shape::Tuple(all(types.iter().map(shape)))
}

fn fields(fields: &[Field]) -> &'static [ShapeField] {
    all(fields.iter().map(|field| {
        let optional = field.default || is_option(&field.ty);
        let mut built =
            ShapeField::new(text(&field.name), shape(&field.ty)).aliases(texts(&field.aliases)).optional(optional);
        (built.flatten, built.read_only) = (field.flatten, field.unwritten);
        built
    }))
}

fn is_option(ty: &Ty) -> bool {
    match ty {
        Ty::Option(_) | Ty::Itself(Wrapper::Option) => true,
        Ty::Boxed(inner) => is_option(inner),
        _ => false,
    }
}

fn variant(variant: &Variant, by: &Tagging) -> ShapeVariant {
    let content = match &variant.content {
        Content::Unit => Shape::Null,
        Content::Newtype(ty) if matches!(by, Tagging::External | Tagging::Adjacent(..)) => shape(ty).as_content(),
        Content::Newtype(ty) => shape(ty),
        Content::Tuple(types) => tuple(types),
        Content::Struct(list) => Shape::Struct { fields: fields(list), closed: false },
    };
    let mut built = ShapeVariant::new(text(&variant.name), content).aliases(texts(&variant.aliases));
    (built.other, built.read_only) = (variant.other, variant.unwritten);
    built
}

fn tagging(tagging: &Tagging) -> ShapeTagging {
    match tagging {
        Tagging::External => ShapeTagging::External,
        Tagging::Internal(tag) => ShapeTagging::Internal { tag: text(tag) },
        Tagging::Adjacent(tag, content) => ShapeTagging::Adjacent { tag: text(tag), content: text(content) },
        Tagging::Untagged => ShapeTagging::Untagged,
    }
}

fn leaf_shape(leaf: Leaf) -> Shape {
    match leaf {
        Leaf::Unit => Shape::Null,
        Leaf::Bool => Shape::Bool,
        Leaf::Int(name) => Shape::Integer(integer(name)),
        Leaf::NonZero(name) => Shape::NonZero(integer(name)),
        Leaf::F32 => Shape::Float(Float::F32),
        Leaf::F64 => Shape::Float(Float::F64),
        Leaf::Char => Shape::Char,
        Leaf::String => Shape::String,
        Leaf::Uuid => Shape::Text("uuid"),
        Leaf::Ip => Shape::Text("ip"),
        Leaf::Value => Shape::Any,
        Leaf::Foreign(foreign) => foreign.shape,
    }
}

fn integer(name: &str) -> Integer {
    match name {
        "i8" => Integer::I8,
        "i16" => Integer::I16,
        "i32" => Integer::I32,
        "i64" => Integer::I64,
        "u8" => Integer::U8,
        "u16" => Integer::U16,
        "u32" => Integer::U32,
        _ => Integer::U64,
    }
}

/// Whether a struct or enum stands in itself, and not only in a type of its own inside of it.
fn holds_itself(def: &Def) -> bool {
    let in_fields = |fields: &[Field]| fields.iter().any(|field| is_in(&field.ty));
    match def {
        Def::Struct { fields, .. } => in_fields(fields),
        Def::Newtype(ty) => is_in(ty),
        Def::Enum(Enum { variants, .. }) => variants.iter().any(|variant| match &variant.content {
            Content::Unit => false,
            Content::Newtype(ty) => is_in(ty),
            Content::Tuple(types) => types.iter().any(is_in),
            Content::Struct(fields) => in_fields(fields),
        }),
    }
}

fn is_in(ty: &Ty) -> bool {
    match ty {
        Ty::Itself(_) => true,
        Ty::Option(inner)
        | Ty::Boxed(inner)
        | Ty::List(inner)
        | Ty::Ordered(inner)
        | Ty::Array(inner, _)
        | Ty::Map(_, inner) => is_in(inner),
        Ty::Tuple(types) => types.iter().any(is_in),
        Ty::Leaf(_) | Ty::Set(_) | Ty::Heap(_) | Ty::Def(_) => false,
    }
}
