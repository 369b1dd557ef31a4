//! Objects that several types share, and contents of variants: where serde does not read again what it has written,
//! told from shapes alone.

use crate::{
    schema::shape::{Field, Shape, Tagging, Variant},
    vocabulary::same,
};

impl Shape {
    /// The shape as the content of a newtype variant whose name stands outside of it.
    ///
    /// [`Shape::Null`] there is a variant without content, which is written otherwise than one whose content happens to
    /// be `null`. An option of `null` says just that: no type has it, since it has no two values to tell apart.
    #[must_use]
    pub const fn as_content(self) -> Self {
        if self.is_null() { Self::Option(&Self::Null) } else { self }
    }

    pub(crate) const fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Stated(inner, _) | Self::Ordered(inner) | Self::Format(_, inner) => inner.is_null(),
            _ => false,
        }
    }

    pub(crate) const fn is_untagged(&self) -> bool {
        match self {
            Self::Option(inner)
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.is_untagged(),
            Self::Enum { tagging, .. } => matches!(tagging, Tagging::Untagged),
            _ => false,
        }
    }

    /// Whether the value is read from an object in which other types have fields too.
    ///
    /// An untagged enum looks at an object before it knows the variant, and finds neither `null` nor an option in it.
    pub(crate) const fn has_fields(&self, among: Among) -> bool {
        match self {
            Self::Null => !matches!(among, Among::Untagged),
            Self::Option(inner) => matches!(among, Among::Fields) && inner.has_fields(among),
            Self::Recursive(inner) | Self::Stated(inner, _) | Self::Ordered(inner) | Self::Format(_, inner) => {
                inner.has_fields(among)
            }
            Self::Enum { tagging: Tagging::Untagged, variants } => {
                let mut i = 0;
                while i < variants.len() {
                    if !variants[i].shape.has_fields(Among::Untagged) {
                        return false;
                    }
                    i += 1;
                }
                true
            }
            Self::Struct { .. } | Self::Enum { .. } | Self::Map { .. } | Self::Any | Self::Cut(_) | Self::Itself => {
                true
            }
            _ => false,
        }
    }

    /// Whether a struct that contains itself has the keys of another one of its kind beside its own.
    pub(crate) const fn flattens_itself(&self) -> bool {
        let Self::Struct { fields, .. } = self else { return false };
        let mut rest = *fields;
        while let [field, tail @ ..] = rest {
            if field.flatten && field.shape.is_itself() {
                return true;
            }
            rest = tail;
        }
        false
    }

    /// Whether an untagged enum that contains itself has a variant of which each value is one of the whole again.
    pub(crate) const fn chooses_itself(&self) -> bool {
        let Self::Enum { tagging: Tagging::Untagged, variants } = self else { return false };
        let mut rest = *variants;
        while let [variant, tail @ ..] = rest {
            if variant.shape.is_itself() {
                return true;
            }
            rest = tail;
        }
        false
    }

    const fn is_itself(&self) -> bool {
        match self {
            Self::Itself => true,
            Self::Option(inner) | Self::Stated(inner, _) | Self::Ordered(inner) | Self::Format(_, inner) => {
                inner.is_itself()
            }
            _ => false,
        }
    }

    /// Whether it is read, flattened, from an object that has nothing for it.
    pub(crate) const fn reads_nothing(&self) -> bool {
        match self {
            Self::Null | Self::Option(_) | Self::Map { .. } | Self::Any | Self::Cut(_) => true,
            Self::Recursive(inner) | Self::Stated(inner, _) | Self::Ordered(inner) | Self::Format(_, inner) => {
                inner.reads_nothing()
            }
            Self::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() {
                    let Field { shape, optional, flatten, .. } = &fields[i];
                    if !(*optional || *flatten && shape.reads_nothing()) {
                        return false;
                    }
                    i += 1;
                }
                true
            }
            Self::Enum { tagging: Tagging::Untagged, variants } => {
                let mut i = 0;
                while i < variants.len() {
                    if variants[i].shape.reads_nothing() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            _ => false,
        }
    }

    /// Whether it reads, flattened, every key of the object that no field before it has taken: a map does.
    pub(crate) const fn reads_all_keys(&self) -> bool {
        match self {
            Self::Map { .. } | Self::Any => true,
            Self::Option(inner)
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.reads_all_keys(),
            Self::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() {
                    if fields[i].flatten && fields[i].shape.reads_all_keys() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            Self::Enum { tagging: Tagging::Internal { .. } | Tagging::Untagged, variants } => {
                let mut i = 0;
                while i < variants.len() {
                    if variants[i].shape.reads_all_keys() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            _ => false,
        }
    }

    /// Whether serde, when it reads this flattened, leaves its keys to what is flattened after it. It does unless it
    /// knows all of them beforehand.
    pub(crate) const fn leaves_its_keys(&self) -> bool {
        match self {
            Self::Option(inner)
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.leaves_its_keys(),
            Self::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() {
                    if fields[i].flatten {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            Self::Enum { tagging, .. } => matches!(tagging, Tagging::Internal { .. } | Tagging::Untagged),
            Self::Map { .. } | Self::Any => true,
            _ => false,
        }
    }

    /// Whether one of its fields, where it shares an object with others, has this key.
    pub(crate) const fn has_key(&self, key: &str) -> bool {
        match self {
            Self::Option(inner)
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.has_key(key),
            Self::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() {
                    let Field { name, aliases, shape, flatten, .. } = &fields[i];
                    if if *flatten { shape.has_key(key) } else { is_one(name, aliases, key) } {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            Self::Enum { tagging: Tagging::Adjacent { tag, content }, .. } => same(tag, key) || same(content, key),
            Self::Enum { tagging: Tagging::Internal { tag }, variants } => same(tag, key) || in_content(variants, key),
            Self::Enum { tagging: Tagging::Untagged, variants } => in_content(variants, key),
            Self::Enum { tagging: Tagging::External, variants } => {
                let mut i = 0;
                while i < variants.len() {
                    if is_one(variants[i].name, variants[i].aliases, key) {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            _ => false,
        }
    }

    /// A key that both have, where they share an object.
    pub(crate) const fn shared_key(&self, other: &Self) -> Option<&'static str> {
        match self {
            Self::Option(inner)
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.shared_key(other),
            Self::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() {
                    let Field { name, aliases, shape, flatten, .. } = &fields[i];
                    let shared = if *flatten { shape.shared_key(other) } else { other.first_of(name, aliases) };
                    if shared.is_some() {
                        return shared;
                    }
                    i += 1;
                }
                None
            }
            Self::Enum { tagging, variants } => match tagging {
                Tagging::Adjacent { tag, .. } | Tagging::Internal { tag } if other.has_key(tag) => Some(tag),
                Tagging::Adjacent { content, .. } => other.first_of(content, &[]),
                _ => other.shared_with_variants(matches!(tagging, Tagging::External), variants),
            },
            _ => None,
        }
    }

    const fn shared_with_variants(&self, named: bool, variants: &'static [Variant]) -> Option<&'static str> {
        let mut i = 0;
        while i < variants.len() {
            let Variant { name, aliases, shape, .. } = &variants[i];
            let shared = if named { self.first_of(name, aliases) } else { shape.shared_key(self) };
            if shared.is_some() {
                return shared;
            }
            i += 1;
        }
        None
    }

    const fn first_of(&self, name: &'static str, aliases: &'static [&'static str]) -> Option<&'static str> {
        if self.has_key(name) {
            return Some(name);
        }
        let mut i = 0;
        while i < aliases.len() {
            if self.has_key(aliases[i]) {
                return Some(aliases[i]);
            }
            i += 1;
        }
        None
    }
}

/// What a value shares an object with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Among {
    /// Other fields: it is flattened.
    Fields,
    /// The tag of the enum it is the content of.
    Tag,
    /// Either of these, and an untagged enum stands between.
    Untagged,
}

const fn in_content(variants: &[Variant], key: &str) -> bool {
    let mut i = 0;
    while i < variants.len() {
        if variants[i].shape.has_key(key) {
            return true;
        }
        i += 1;
    }
    false
}

const fn is_one(name: &str, aliases: &[&str], key: &str) -> bool {
    if same(name, key) {
        return true;
    }
    let mut i = 0;
    while i < aliases.len() {
        if same(aliases[i], key) {
            return true;
        }
        i += 1;
    }
    false
}
