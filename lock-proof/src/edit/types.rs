//! Edits of the type of a value.

use eventsourcing::schema::Shape;

use super::{Edit, at_type};
use crate::{
    foreign::Foreign,
    make,
    model::{Def, Field, Leaf, Ty, Wrapper},
    random::Random,
};

pub(super) const EDITS: &[Edit] = &[
    ("integer changed", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::Leaf(Leaf::Int(_)) => Some(Ty::Leaf(Leaf::Int(random.pick(INTEGERS)))),
            Ty::Leaf(Leaf::NonZero(_)) => Some(Ty::Leaf(Leaf::NonZero(random.pick(INTEGERS)))),
            _ => None,
        })
    }),
    ("zero allowed", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Leaf(Leaf::NonZero(name)) => Some(Ty::Leaf(Leaf::Int(name))),
            _ => None,
        })
    }),
    ("zero forbidden", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Leaf(Leaf::Int(name)) => Some(Ty::Leaf(Leaf::NonZero(name))),
            _ => None,
        })
    }),
    ("integer made a float", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::Leaf(Leaf::Int(_)) => Some(Ty::Leaf(random.pick(&[Leaf::F32, Leaf::F64]))),
            _ => None,
        })
    }),
    ("float changed", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Leaf(Leaf::F32) => Some(Ty::Leaf(Leaf::F64)),
            Ty::Leaf(Leaf::F64) => Some(Ty::Leaf(Leaf::F32)),
            _ => None,
        })
    }),
    ("leaf changed", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::Leaf(_) => Some(Ty::Leaf(make::leaf(random))),
            Ty::Set(_) => Some(Ty::Set(make::key(random))),
            _ => None,
        })
    }),
    ("text made any string", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Leaf(Leaf::Char | Leaf::Uuid | Leaf::Ip | Leaf::Foreign(Foreign { shape: Shape::Text(_), .. })) => {
                Some(Ty::Leaf(Leaf::String))
            }
            _ => None,
        })
    }),
    ("format changed", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::Leaf(Leaf::Foreign(_) | Leaf::Ip) => Some(Ty::Leaf(make::foreign(random))),
            _ => None,
        })
    }),
    ("any address allowed", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Leaf(Leaf::Foreign(Foreign { source: "Ipv4Addr" | "Ipv6Addr", .. })) => Some(Ty::Leaf(Leaf::Ip)),
            _ => None,
        })
    }),
    ("order kept, or no more", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Set(_) | Ty::Map(..) => Some(Ty::Ordered(Box::new(ty.clone()))),
            Ty::Ordered(inner) => Some((**inner).clone()),
            _ => None,
        })
    }),
    ("list made a heap, or back", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::List(inner) => match **inner {
                Ty::Leaf(leaf @ (Leaf::Bool | Leaf::Char | Leaf::Uuid | Leaf::Ip | Leaf::Int(_) | Leaf::String)) => {
                    Some(Ty::Heap(leaf))
                }
                _ => None,
            },
            Ty::Heap(leaf) => Some(Ty::List(Box::new(Ty::Leaf(*leaf)))),
            _ => None,
        })
    }),
    ("made any value", |ty, random| change(ty, random, |_, _| Some(Ty::Leaf(Leaf::Value)))),
    ("option around it", |ty, random| change(ty, random, |ty, _| Some(Ty::Option(Box::new(ty.clone()))))),
    ("option removed", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Option(inner) => Some((**inner).clone()),
            _ => None,
        })
    }),
    ("boxed", |ty, random| change(ty, random, |ty, _| Some(Ty::Boxed(Box::new(ty.clone()))))),
    ("put into a newtype", |ty, random| change(ty, random, |ty, _| Some(Ty::Def(Box::new(Def::Newtype(ty.clone())))))),
    ("put into a struct", |ty, random| {
        change(ty, random, |ty, random| {
            let fields = vec![Field::new(make::name(random), ty.clone())];
            Some(Ty::Def(Box::new(Def::Struct { fields, closed: false })))
        })
    }),
    ("put into a list", |ty, random| change(ty, random, |ty, _| Some(Ty::List(Box::new(ty.clone()))))),
    ("list made a set", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::List(inner) => match **inner {
                Ty::Leaf(leaf @ (Leaf::Bool | Leaf::Char | Leaf::Uuid | Leaf::Ip | Leaf::Int(_) | Leaf::String)) => {
                    Some(Ty::Set(leaf))
                }
                _ => None,
            },
            _ => None,
        })
    }),
    ("sequence made a list", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Set(leaf) => Some(Ty::List(Box::new(Ty::Leaf(*leaf)))),
            Ty::Array(inner, _) => Some(Ty::List(inner.clone())),
            Ty::Tuple(types) => Some(Ty::List(Box::new(types.first()?.clone()))),
            _ => None,
        })
    }),
    ("list made an array", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::List(inner) => Some(Ty::Array(inner.clone(), 1 + random.below(3))),
            _ => None,
        })
    }),
    ("array made a tuple, or back", |ty, random| {
        change(ty, random, |ty, _| match ty {
            Ty::Array(inner, length) => Some(Ty::Tuple(vec![(**inner).clone(); *length])),
            Ty::Tuple(types) => Some(Ty::Array(Box::new(types.first()?.clone()), types.len())),
            _ => None,
        })
    }),
    ("length changed", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::Array(inner, length) => Some(Ty::Array(inner.clone(), *length + 1)),
            Ty::Tuple(types) => {
                let mut types = types.clone();
                types.push(Ty::Leaf(make::leaf(random)));
                Some(Ty::Tuple(types))
            }
            _ => None,
        })
    }),
    ("keys changed", |ty, random| {
        change(ty, random, |ty, random| match ty {
            Ty::Map(_, value) => Some(Ty::Map(make::key(random), value.clone())),
            _ => None,
        })
    }),
    ("struct made a map", |ty, random| {
        change(ty, random, |ty, _| {
            let is_struct = matches!(ty, Ty::Def(def) if matches!(**def, Def::Struct { .. }));
            is_struct.then(|| Ty::Map(Leaf::String, Box::new(Ty::Leaf(Leaf::Value))))
        })
    }),
    ("unknown fields refused, or no more", |ty, random| {
        at_type(ty, random, |ty, _| match ty {
            Ty::Def(def) => match &mut **def {
                Def::Struct { closed, .. } => {
                    *closed = !*closed;
                    true
                }
                _ => false,
            },
            _ => false,
        })
    }),
    ("what contains itself spelled out once", |ty, random| {
        at_type(ty, random, |ty, _| {
            let Ty::Def(def) = ty else { return false };
            let whole = Ty::Def(def.clone());
            let Def::Struct { fields, .. } = &mut **def else { return false };
            let Some(field) = fields.iter_mut().find(|field| matches!(field.ty, Ty::Itself(_))) else { return false };
            field.ty = match field.ty {
                Ty::Itself(Wrapper::List) => Ty::List(Box::new(whole)),
                Ty::Itself(Wrapper::Map) => Ty::Map(Leaf::String, Box::new(whole)),
                _ => Ty::Option(Box::new(Ty::Boxed(Box::new(whole)))),
            };
            true
        })
    }),
    ("something else", |ty, random| change(ty, random, |_, random| Some(make::ty(random, 1)))),
];

const INTEGERS: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

fn change(ty: &mut Ty, random: &mut Random, into: impl Fn(&Ty, &mut Random) -> Option<Ty>) -> bool {
    at_type(ty, random, |ty, random| match into(ty, random) {
        Some(other) => {
            *ty = other;
            true
        }
        None => false,
    })
}
