//! Edits of fields.

use super::{Edit, at_field, at_fields};
use crate::{
    make,
    model::{Def, Field, Ty},
    random::Random,
};

pub(super) const EDITS: &[Edit] = &[
    ("field removed", |ty, random| {
        at_fields(ty, random, |fields, random| {
            if fields.len() > 1 {
                fields.remove(random.below(fields.len()));
            }
            fields.len() > 1
        })
    }),
    ("required field added", |ty, random| add(ty, random, |_| true)),
    ("field with a default added", |ty, random| {
        add(ty, random, |field| {
            field.default = field.ty.has_default();
            field.default
        })
    }),
    ("option added", |ty, random| {
        add(ty, random, |field| {
            field.ty = Ty::Option(Box::new(field.ty.clone()));
            true
        })
    }),
    ("field renamed", |ty, random| {
        at_field(ty, random, |field, random| {
            field.name = make::name(random);
            !field.flatten
        })
    }),
    ("field renamed with an alias", |ty, random| {
        at_field(ty, random, |field, random| {
            field.aliases.push(std::mem::replace(&mut field.name, make::name(random)));
            !field.flatten
        })
    }),
    ("alias added", |ty, random| {
        at_field(ty, random, |field, random| {
            field.aliases.push(make::name(random));
            !field.flatten
        })
    }),
    ("field merged into another one by an alias", |ty, random| {
        at_fields(ty, random, |fields, random| {
            let several = fields.len() > 1;
            if several {
                let gone = fields.remove(random.below(fields.len()));
                let at = random.below(fields.len());
                fields[at].aliases.push(gone.name);
            }
            several
        })
    }),
    ("field merged into one of its type by an alias", |ty, random| {
        at_fields(ty, random, |fields, random| {
            let gone = random.below(fields.len());
            let is_alike = |other: &usize| *other != gone && fields[*other].ty == fields[gone].ty;
            let Some(at) = (0..fields.len()).find(is_alike) else { return false };
            let name = fields[gone].name.clone();
            fields[at].aliases.push(name);
            fields.remove(gone);
            true
        })
    }),
    ("name added beside a flattened map", |ty, random| {
        at_fields(ty, random, |fields, random| {
            if !fields.iter().any(|field| field.flatten && matches!(field.ty, Ty::Map(..))) {
                return false;
            }
            fields.iter_mut().any(|field| field.flatten && gets_a_name(&mut field.ty, random))
        })
    }),
    ("something else in a flattened map", |ty, random| {
        at_field(ty, random, |field, random| match &mut field.ty {
            Ty::Map(_, value) if field.flatten => {
                **value = make::ty(random, 1);
                true
            }
            _ => false,
        })
    }),
    ("alias removed", |ty, random| at_field(ty, random, |field, _| field.aliases.pop().is_some())),
    ("default added", |ty, random| {
        at_field(ty, random, |field, _| {
            let can_get_one = !field.default && field.ty.has_default();
            field.default |= can_get_one;
            can_get_one
        })
    }),
    ("value of a default changed", |ty, random| {
        at_field(ty, random, |field, _| {
            field.given = !field.given;
            field.default
        })
    }),
    ("default removed", |ty, random| {
        at_field(ty, random, |field, _| {
            field.given = false;
            field.skip &= matches!(field.ty, Ty::Option(_));
            std::mem::take(&mut field.default)
        })
    }),
    ("fields reordered", |ty, random| {
        at_fields(ty, random, |fields, random| {
            let (one, other) = (random.below(fields.len()), random.below(fields.len()));
            fields.swap(one, other);
            one != other
        })
    }),
    ("fields put into a flattened struct", |ty, random| {
        at_fields(ty, random, |fields, random| {
            let at = random.below(fields.len());
            if fields[at].flatten {
                return false;
            }
            let inner = Def::Struct { fields: vec![fields[at].clone()], closed: false };
            fields[at] = Field { flatten: true, ..Field::new(String::new(), Ty::Def(Box::new(inner))) };
            true
        })
    }),
    ("flattened struct put in place", |ty, random| {
        at_fields(ty, random, |fields, _| {
            let Some((at, inner)) = fields.iter().enumerate().find_map(|(at, field)| Some((at, plain(field)?))) else {
                return false;
            };
            fields.splice(at..=at, inner);
            true
        })
    }),
    ("struct flattened", |ty, random| {
        at_field(ty, random, |field, _| {
            let is_struct = |ty: &Ty| matches!(ty, Ty::Def(def) if matches!(**def, Def::Struct { .. }));
            let can_be = is_struct(&field.ty) && !field.flatten;
            if can_be {
                *field = Field { flatten: true, ..Field::new(field.name.clone(), field.ty.clone()) };
            }
            can_be
        })
    }),
    ("flattening ended", |ty, random| at_field(ty, random, |field, _| std::mem::take(&mut field.flatten))),
    ("no longer written, or again", |ty, random| {
        at_field(ty, random, |field, _| {
            field.unwritten = !field.unwritten;
            field.default || matches!(field.ty, Ty::Option(_))
        })
    }),
    ("skip_serializing_if added or removed", |ty, random| {
        at_field(ty, random, |field, _| {
            field.skip = !field.skip;
            true
        })
    }),
];

/// One more variant, or one more field that may be absent, in what is flattened and is no plain struct.
fn gets_a_name(ty: &mut Ty, random: &mut Random) -> bool {
    let (def, is_option) = match ty {
        Ty::Def(def) => (def, false),
        Ty::Option(inner) => match &mut **inner {
            Ty::Def(def) => (def, true),
            _ => return false,
        },
        _ => return false,
    };
    match &mut **def {
        Def::Enum(choice) => choice.variants.push(make::variant(random, 0)),
        Def::Struct { fields, .. } if is_option => {
            let ty = Ty::Option(Box::new(Ty::Leaf(make::leaf(random))));
            fields.push(Field::new(make::name(random), ty));
        }
        _ => return false,
    }
    true
}

fn plain(field: &Field) -> Option<Vec<Field>> {
    match &field.ty {
        Ty::Def(def) if field.flatten => match &**def {
            Def::Struct { fields, .. } => Some(fields.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A new field somewhere, not behind a flattened map.
fn add(ty: &mut Ty, random: &mut Random, finish: impl Fn(&mut Field) -> bool) -> bool {
    at_fields(ty, random, |fields, random| {
        let mut field = Field::new(make::name(random), make::ty(random, 0));
        let is_ready = finish(&mut field);
        fields.insert(0, field);
        is_ready
    })
}
