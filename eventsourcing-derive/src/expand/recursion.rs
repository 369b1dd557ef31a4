//! Types that contain themselves. Constants cannot be cyclic, so markers stand where a type would come again.

use std::cell::Cell;

use quote::ToTokens;
use syn::{
    GenericArgument, Generics, Ident, Path, PathArguments, Type, TypePath, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::generics::{mentions, parameters};

/// Wrappers whose own schema leads to no user's type but their arguments.
const WRAPPERS: [&str; 24] = [
    "Option",
    "Box",
    "Vec",
    "Rc",
    "Arc",
    "Cow",
    "VecDeque",
    "HashMap",
    "BTreeMap",
    "HashSet",
    "BTreeSet",
    "LinkedList",
    "BinaryHeap",
    "Result",
    "Bound",
    "Reverse",
    "Cell",
    "RefCell",
    "Mutex",
    "RwLock",
    "Range",
    "IndexMap",
    "IndexSet",
    "SmallVec",
];

/// Types that end every walk.
const LEAVES: [&str; 14] =
    ["bool", "char", "String", "str", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"];

/// Finds a type in its own fields.
pub(super) struct Recursion<'a> {
    ident: &'a Ident,
    /// The arguments of the type itself, as written.
    arguments: String,
    parameters: Vec<String>,
    private: &'a Path,
    found: Cell<bool>,
}

impl<'a> Recursion<'a> {
    pub(super) fn new(ident: &'a Ident, generics: &Generics, private: &'a Path) -> Self {
        let (_, arguments, _) = generics.split_for_impl();
        Self {
            ident,
            arguments: arguments.to_token_stream().to_string(),
            parameters: parameters(generics),
            private,
            found: Cell::new(false),
        }
    }

    /// Whether the type was met in any type so far.
    pub(super) fn found(&self) -> bool {
        self.found.get()
    }

    /// The type with a marker in each place of the type itself.
    pub(super) fn marked(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        Marker(self).visit_type_mut(&mut ty);
        ty
    }

    /// The type with a probe in each place of the type itself, if one of them is an argument of a type that might
    /// contain itself too.
    pub(super) fn probed(&self, ty: &Type) -> Option<Type> {
        let mut probe = Probe { recursion: self, foreign: false, needed: false };
        let mut ty = ty.clone();
        probe.visit_type_mut(&mut ty);
        probe.needed.then_some(ty)
    }

    /// The type cut off, but for what the type itself is.
    pub(super) fn cut(&self, ty: &Type) -> Type {
        Cutter { private: self.private, recursion: Some(self) }.cut(ty)
    }

    fn is_itself(&self, ty: &Type) -> bool {
        let Type::Path(ty) = ty else { return false };
        let (None, Some(segment), 1) = (&ty.qself, ty.path.segments.first(), ty.path.segments.len()) else {
            return false;
        };
        let plain = segment.arguments.is_none();
        (plain && segment.ident == "Self")
            || (segment.ident == *self.ident && segment.arguments.to_token_stream().to_string() == self.arguments)
    }
}

struct Marker<'r, 'a>(&'r Recursion<'a>);

impl VisitMut for Marker<'_, '_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if self.0.is_itself(ty) {
            let private = self.0.private;
            *ty = parse_quote!(#private::Itself);
            self.0.found.set(true);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

struct Probe<'r, 'a> {
    recursion: &'r Recursion<'a>,
    /// Whether this is inside a type that is no known wrapper.
    foreign: bool,
    needed: bool,
}

impl VisitMut for Probe<'_, '_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if self.recursion.is_itself(ty) {
            let private = self.recursion.private;
            *ty = parse_quote!(#private::Probe);
            self.needed |= self.foreign;
            return;
        }
        let outer = self.foreign;
        self.foreign |= matches!(ty, Type::Path(path) if !is_wrapper(path));
        visit_mut::visit_type_mut(self, ty);
        self.foreign = outer;
    }
}

pub(super) fn is_leaf(ty: &TypePath) -> bool {
    ty.path.segments.last().is_some_and(|last| LEAVES.iter().any(|leaf| last.ident == leaf))
}

pub(super) fn is_wrapper(ty: &TypePath) -> bool {
    ty.path.segments.last().is_some_and(|last| WRAPPERS.iter().any(|name| last.ident == name))
}

/// The type with a marker around each part whose schema might lead back to where it is asked for.
pub(super) fn cut(ty: &Type, private: &Path) -> Type {
    Cutter { private, recursion: None }.cut(ty)
}

struct Cutter<'a> {
    private: &'a Path,
    recursion: Option<&'a Recursion<'a>>,
}

impl Cutter<'_> {
    fn cut(&self, ty: &Type) -> Type {
        if let Some(recursion) = self.recursion.filter(|recursion| recursion.is_itself(ty)) {
            return recursion.marked(ty);
        }
        match ty {
            Type::Path(path) if path.qself.is_none() => {
                let wrapper = is_wrapper(path);
                let mut path = path.clone();
                if is_leaf(&path) {
                    return ty.clone();
                }
                let Some(last) = path.path.segments.last_mut() else { return ty.clone() };
                match &mut last.arguments {
                    PathArguments::AngleBracketed(arguments) if wrapper => {
                        for argument in &mut arguments.args {
                            if let GenericArgument::Type(inner) = argument {
                                *inner = self.cut(inner);
                            }
                        }
                        Type::Path(path)
                    }
                    _ => self.marker(ty),
                }
            }
            Type::Tuple(tuple) => {
                let mut tuple = tuple.clone();
                tuple.elems.iter_mut().for_each(|elem| *elem = self.cut(elem));
                Type::Tuple(tuple)
            }
            Type::Array(array) => {
                let mut array = array.clone();
                *array.elem = self.cut(&array.elem);
                Type::Array(array)
            }
            Type::Paren(paren) => self.cut(&paren.elem),
            Type::Group(group) => self.cut(&group.elem),
            _ => self.marker(ty),
        }
    }

    /// With a parameter in it, the type would have to have a schema for this one to have one, and the other way round.
    fn marker(&self, ty: &Type) -> Type {
        let private = self.private;
        let depends = |recursion: &&Recursion<'_>| mentions(ty.to_token_stream(), &recursion.parameters);
        match self.recursion.filter(depends) {
            Some(_) => parse_quote!(#private::CutUnknown),
            None => parse_quote!(#private::Cut<#ty>),
        }
    }
}
