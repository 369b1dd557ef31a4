//! Types as data: what is made at random, edited and then written as source.

use crate::foreign::Foreign;

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    Leaf(Leaf),
    Option(Box<Ty>),
    Boxed(Box<Ty>),
    List(Box<Ty>),
    Set(Leaf),
    Array(Box<Ty>, usize),
    Tuple(Vec<Ty>),
    Map(Leaf, Box<Ty>),
    /// A set or map that keeps its order.
    Ordered(Box<Ty>),
    Heap(Leaf),
    /// The type that this stands in, wrapped.
    Itself(Wrapper),
    Def(Box<Def>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    Unit,
    Bool,
    Int(&'static str),
    NonZero(&'static str),
    F32,
    F64,
    Char,
    String,
    Uuid,
    Ip,
    Value,
    Foreign(&'static Foreign),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapper {
    Option,
    List,
    Map,
}

/// A struct or enum.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Def {
    Struct { fields: Vec<Field>, closed: bool },
    Newtype(Ty),
    Enum(Enum),
}

#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute of serde's, and goes with the others")]
pub(crate) struct Field {
    /// The name on the wire.
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) default: bool,
    /// The default is what a function gives, and not that of the type.
    pub(crate) given: bool,
    /// `skip_serializing_if`, for options and for lists with a default.
    pub(crate) skip: bool,
    /// `skip_serializing`: it is read, for what was stored before.
    pub(crate) unwritten: bool,
    pub(crate) flatten: bool,
    pub(crate) ty: Ty,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Enum {
    pub(crate) tagging: Tagging,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tagging {
    External,
    Internal(String),
    Adjacent(String, String),
    Untagged,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) other: bool,
    /// `skip_serializing`: it is read, for what was stored before.
    pub(crate) unwritten: bool,
    pub(crate) content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Unit,
    Newtype(Ty),
    Tuple(Vec<Ty>),
    Struct(Vec<Field>),
}

impl Leaf {
    /// The function of the generated program that gives another default than that of the type.
    pub(crate) fn given(self) -> Option<&'static str> {
        match self {
            Self::Bool => Some("given::flag"),
            Self::Int(_) => Some("given::number"),
            Self::F32 | Self::F64 => Some("given::fraction"),
            Self::String | Self::Value => Some("given::text"),
            _ => None,
        }
    }
}

impl Field {
    /// The function that gives its default, where there is one for its type.
    pub(crate) fn given(&self) -> Option<&'static str> {
        if let (Ty::Leaf(leaf), true) = (&self.ty, self.default) { leaf.given() } else { None }
    }

    pub(crate) fn new(name: String, ty: Ty) -> Self {
        Self {
            name,
            aliases: Vec::new(),
            default: false,
            given: false,
            skip: false,
            unwritten: false,
            flatten: false,
            ty,
        }
    }
}

impl Ty {
    /// Whether the standard library has a default for it, which can be written again.
    pub(crate) fn has_default(&self) -> bool {
        match self {
            // The default character is U+0000, which no event may hold.
            Self::Leaf(leaf) => !matches!(leaf, Leaf::Char | Leaf::NonZero(_) | Leaf::Ip | Leaf::Foreign(_)),
            Self::Option(_)
            | Self::List(_)
            | Self::Set(_)
            | Self::Map(..)
            | Self::Ordered(_)
            | Self::Heap(_)
            | Self::Itself(_) => true,
            Self::Tuple(types) => types.iter().all(Self::has_default),
            Self::Boxed(_) | Self::Array(..) | Self::Def(_) => false,
        }
    }

    /// Visits this type and all within it.
    pub(crate) fn each(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        match self {
            Self::Leaf(_) | Self::Set(_) | Self::Heap(_) | Self::Itself(_) => {}
            Self::Option(inner)
            | Self::Boxed(inner)
            | Self::List(inner)
            | Self::Ordered(inner)
            | Self::Array(inner, _)
            | Self::Map(_, inner) => inner.each(visit),
            Self::Tuple(types) => types.iter_mut().for_each(|ty| ty.each(visit)),
            Self::Def(def) => match &mut **def {
                Def::Struct { fields, .. } => fields.iter_mut().for_each(|field| field.ty.each(visit)),
                Def::Newtype(ty) => ty.each(visit),
                Def::Enum(choice) => choice.variants.iter_mut().for_each(|variant| match &mut variant.content {
                    Content::Unit => {}
                    Content::Newtype(ty) => ty.each(visit),
                    Content::Tuple(types) => types.iter_mut().for_each(|ty| ty.each(visit)),
                    Content::Struct(fields) => fields.iter_mut().for_each(|field| field.ty.each(visit)),
                }),
            },
        }
    }

    /// Visits all lists of fields.
    pub(crate) fn each_fields(&mut self, visit: &mut dyn FnMut(&mut Vec<Field>)) {
        self.each(&mut |ty| {
            let Self::Def(def) = ty else { return };
            match &mut **def {
                Def::Struct { fields, .. } => visit(fields),
                Def::Newtype(_) => {}
                Def::Enum(choice) => {
                    for variant in &mut choice.variants {
                        if let Content::Struct(fields) = &mut variant.content {
                            visit(fields);
                        }
                    }
                }
            }
        });
    }

    /// Visits all enums.
    pub(crate) fn each_enum(&mut self, visit: &mut dyn FnMut(&mut Enum)) {
        self.each(&mut |ty| {
            if let Self::Def(def) = ty
                && let Def::Enum(choice) = &mut **def
            {
                visit(choice);
            }
        });
    }
}
