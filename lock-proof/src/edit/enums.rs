//! Edits of enums.

use super::{Edit, at_enum};
use crate::{
    make,
    model::{Content, Def, Enum, Leaf, Tagging, Ty, Variant},
    random::Random,
};

pub(super) const EDITS: &[Edit] = &[
    ("variant added", |ty, random| {
        at_enum(ty, random, |choice, random| {
            let at = random.below(choice.variants.len() + 1);
            choice.variants.insert(at, make::variant(random, 0));
            true
        })
    }),
    ("variant removed", |ty, random| {
        at_enum(ty, random, |choice, random| {
            let several = choice.variants.len() > 1;
            if several {
                choice.variants.remove(random.below(choice.variants.len()));
            }
            several
        })
    }),
    ("variants reordered", |ty, random| {
        at_enum(ty, random, |choice, random| {
            let count = choice.variants.len();
            choice.variants.swap(random.below(count), count - 1);
            count > 1
        })
    }),
    ("variant renamed", |ty, random| {
        at_variant(ty, random, |variant, random| {
            variant.name = make::name(random);
            true
        })
    }),
    ("variant renamed with an alias", |ty, random| {
        at_variant(ty, random, |variant, random| {
            variant.aliases.push(std::mem::replace(&mut variant.name, make::name(random)));
            true
        })
    }),
    ("alias of a variant removed", |ty, random| at_variant(ty, random, |variant, _| variant.aliases.pop().is_some())),
    ("variant for unknown names added", |ty, random| {
        at_enum(ty, random, |choice, random| {
            let other = Variant { other: true, content: Content::Unit, ..make::variant(random, 0) };
            choice.variants.push(other);
            true
        })
    }),
    ("variant for unknown names made ordinary", |ty, random| {
        at_variant(ty, random, |variant, _| std::mem::take(&mut variant.other))
    }),
    ("variant no longer written, or again", |ty, random| {
        at_variant(ty, random, |variant, _| {
            variant.unwritten = !variant.unwritten;
            true
        })
    }),
    ("variant merged into another one by an alias", |ty, random| {
        at_enum(ty, random, |choice, random| {
            let several = choice.variants.len() > 1;
            if several {
                let gone = choice.variants.remove(random.below(choice.variants.len()));
                let count = choice.variants.len();
                choice.variants[random.below(count)].aliases.push(gone.name);
            }
            several
        })
    }),
    ("tagging changed", |ty, random| {
        at_enum(ty, random, |choice, random| {
            choice.tagging = make::tagging(random);
            true
        })
    }),
    ("tag renamed", |ty, random| {
        at_enum(ty, random, |choice, random| {
            match &mut choice.tagging {
                Tagging::Internal(tag) | Tagging::Adjacent(tag, _) => *tag = make::name(random),
                _ => return false,
            }
            true
        })
    }),
    ("content changed", |ty, random| {
        at_variant(ty, random, |variant, random| {
            variant.content = make::variant(random, 1).content;
            true
        })
    }),
    ("variant gets nothing as content", |ty, random| {
        at_variant(ty, random, |variant, _| {
            let is_unit = variant.content == Content::Unit && !variant.other;
            if is_unit {
                variant.content = Content::Newtype(Ty::Leaf(Leaf::Unit));
            }
            is_unit
        })
    }),
    ("fields of a variant put into a struct, or back", |ty, random| {
        at_variant(ty, random, |variant, _| {
            let content = match &variant.content {
                Content::Struct(fields) => {
                    let fields = fields.clone();
                    Content::Newtype(Ty::Def(Box::new(Def::Struct { fields, closed: false })))
                }
                Content::Newtype(Ty::Def(def)) => match &**def {
                    Def::Struct { fields, closed: false } => Content::Struct(fields.clone()),
                    _ => return false,
                },
                Content::Tuple(types) => Content::Newtype(Ty::Tuple(types.clone())),
                _ => return false,
            };
            variant.content = content;
            true
        })
    }),
    ("names made a string", |ty, random| {
        super::at_type(ty, random, |ty, _| {
            let is_enum =
                matches!(ty, Ty::Def(def) if matches!(&**def, Def::Enum(Enum { tagging: Tagging::External, .. })));
            if is_enum {
                *ty = Ty::Leaf(Leaf::String);
            }
            is_enum
        })
    }),
];

fn at_variant(ty: &mut Ty, random: &mut Random, change: impl Fn(&mut Variant, &mut Random) -> bool) -> bool {
    at_enum(ty, random, |choice, random| {
        let count = choice.variants.len();
        let start = random.below(count);
        (0..count).any(|step| change(&mut choice.variants[(start + step) % count], random))
    })
}
