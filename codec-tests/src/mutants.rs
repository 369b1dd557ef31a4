//! Values that almost have a shape.

use eventsourcing::schema::{Field, Shape, Tagging, Variant};
use serde_json::{Value, json};

use crate::accepts;

/// A value with one fault.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mutant {
    /// What was done to it, and where.
    pub fault: String,
    /// The faulty value.
    pub value: Value,
}

/// The value with each required field removed, each field retyped, and each variant's name unknown, one at a time.
pub fn mutants(shape: &'static Shape, value: &Value) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for place in places(shape, value) {
        match place.shape {
            Shape::Struct { fields, .. } => of_fields(&place, fields, value, &mut mutants),
            Shape::Set(_) => twice(&place, value, &mut mutants),
            Shape::Enum { tagging, variants } => of_choice(&place, tagging, variants, value, &mut mutants),
            _ => {}
        }
    }
    mutants
}

/// A part of a value, and the shape it has.
pub(crate) struct Place {
    pub(crate) pointer: String,
    pub(crate) shape: &'static Shape,
    pub(crate) enclosing: Vec<&'static Shape>,
    /// Whether other types have fields in the same object.
    pub(crate) shared: bool,
}

pub(crate) fn places(shape: &'static Shape, value: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    walk(Place { pointer: String::new(), shape, enclosing: Vec::new(), shared: false }, value, &mut places);
    places
}

fn walk(place: Place, value: &Value, places: &mut Vec<Place>) {
    let at = |step: &str, shape| Place {
        pointer: format!("{}/{}", place.pointer, step.replace('~', "~0").replace('/', "~1")),
        shape,
        enclosing: place.enclosing.clone(),
        shared: false,
    };
    let here =
        |shape, shared| Place { pointer: place.pointer.clone(), shape, enclosing: place.enclosing.clone(), shared };
    match (place.shape, value) {
        (Shape::Option(inner), value) if !value.is_null() => walk(here(inner, place.shared), value, places),
        (Shape::List(inner) | Shape::Set(inner) | Shape::Array(inner, _), Value::Array(list)) => {
            // The others are alike.
            for (index, value) in list.iter().enumerate().take(2) {
                walk(at(&index.to_string(), inner), value, places);
            }
        }
        (Shape::Tuple(shapes), Value::Array(list)) => {
            for (index, (shape, value)) in shapes.iter().zip(list).enumerate() {
                walk(at(&index.to_string(), shape), value, places);
            }
        }
        (Shape::Map { value: inner, .. }, Value::Object(entries)) if !place.shared => {
            for (name, value) in entries.iter().take(2) {
                walk(at(name, inner), value, places);
            }
        }
        (Shape::Struct { fields, .. }, Value::Object(entries)) => {
            for field in *fields {
                if field.flatten {
                    walk(here(&field.shape, true), value, places);
                } else if let Some(value) = entries.get(field.name) {
                    walk(at(field.name, &field.shape), value, places);
                }
            }
        }
        (Shape::Enum { tagging, variants }, value) => {
            let find = |name: &str| variants.iter().find(|variant| variant.name == name);
            match (tagging, value) {
                (Tagging::External, Value::Object(entries)) => {
                    for (name, content) in entries {
                        if let Some(variant) = find(name) {
                            walk(at(name, &variant.shape), content, places);
                        }
                    }
                }
                (Tagging::Internal { tag }, value) => {
                    if let Some(variant) = value[tag].as_str().and_then(find) {
                        walk(here(&variant.shape, true), value, places);
                    }
                }
                (Tagging::Adjacent { tag, content }, value) => {
                    if let (Some(variant), Some(inner)) = (value[tag].as_str().and_then(find), value.get(content)) {
                        walk(at(content, &variant.shape), inner, places);
                    }
                }
                (Tagging::Untagged, value) => {
                    let fits = |variant: &&Variant| accepts(&variant.shape, value, &place.enclosing);
                    if let Some(variant) = variants.iter().find(fits) {
                        walk(here(&variant.shape, place.shared), value, places);
                    }
                }
                _ => {}
            }
        }
        (Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner), value) => {
            walk(here(inner, place.shared), value, places);
        }
        (Shape::Recursive(inner), value) => {
            let mut inside = here(inner, place.shared);
            inside.enclosing.push(inner);
            walk(inside, value, places);
        }
        (Shape::Itself, value) => {
            if let Some(inner) = place.enclosing.last() {
                walk(here(inner, place.shared), value, places);
            }
        }
        _ => {}
    }
    places.push(place);
}

fn of_fields(place: &Place, fields: &[Field], value: &Value, mutants: &mut Vec<Mutant>) {
    for field in fields.iter().filter(|field| !field.flatten) {
        let mut change = |fault: &str, to: Option<Value>| {
            let mut value = value.clone();
            let Some(object) = value.pointer_mut(&place.pointer).and_then(Value::as_object_mut) else { return };
            if object.remove(field.name).is_some() {
                object.extend(to.map(|to| (field.name.to_owned(), to)));
                mutants.push(Mutant { fault: format!("{fault}: {}/{}", place.pointer, field.name), value });
            }
        };
        if !field.optional {
            change("removed", None);
        }
        for other in others() {
            if !accepts(&field.shape, &other, &place.enclosing) {
                change(&format!("retyped as {other}"), Some(other));
            }
        }
    }
}

/// One element comes twice.
fn twice(place: &Place, value: &Value, mutants: &mut Vec<Mutant>) {
    let mut value = value.clone();
    let Some(list) = value.pointer_mut(&place.pointer).and_then(Value::as_array_mut) else { return };
    if let Some(first) = list.first().cloned() {
        list.push(first);
        mutants.push(Mutant { fault: format!("one element twice: {}", place.pointer), value });
    }
}

/// Values of every type, and just beyond the limits of the integers.
fn others() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(256),
        json!(32_768),
        json!(2_147_483_648_u32),
        json!(-2_147_483_649_i64),
        json!(9_223_372_036_854_775_808_u64),
        json!(1.5),
        json!("☃ no such thing"),
        json!(["☃"]),
        json!({ "☃": "☃" }),
    ]
}

fn of_choice(place: &Place, tagging: &Tagging, variants: &[Variant], value: &Value, mutants: &mut Vec<Mutant>) {
    let mut change = |fault: &str, change: &dyn Fn(&mut Value) -> Option<()>| {
        let mut value = value.clone();
        if value.pointer_mut(&place.pointer).and_then(change).is_some() {
            mutants.push(Mutant { fault: format!("{fault}: {}", place.pointer), value });
        }
    };
    let open = variants.iter().any(|variant| variant.other);
    match tagging {
        Tagging::External => change("unknown variant", &|value| {
            if value.is_string() {
                *value = json!("☃");
                return Some(());
            }
            let object = value.as_object_mut()?;
            let name = variants.iter().map(|variant| variant.name).find(|name| object.contains_key(*name))?;
            let content = object.remove(name)?;
            object.insert("☃".to_owned(), content);
            Some(())
        }),
        Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => {
            change("no tag", &|value| value.as_object_mut()?.remove(*tag).map(drop));
            change("number as tag", &|value| value.as_object_mut()?.insert((*tag).to_owned(), json!(1)).map(drop));
            if !open {
                change("unknown variant", &|value| {
                    value.as_object_mut()?.insert((*tag).to_owned(), json!("☃")).map(drop)
                });
            }
            if let Tagging::Adjacent { content, .. } = tagging {
                let unit = |value: &Value| {
                    let name = value[tag].as_str();
                    variants.iter().any(|variant| Some(variant.name) == name && variant.shape == Shape::Null)
                };
                change("content of a unit variant", &|value| {
                    let unit = unit(value);
                    let object = value.as_object_mut().filter(|_| unit)?;
                    object.insert((*content).to_owned(), json!(1));
                    Some(())
                });
                // An `Option` may be absent there.
                change("no content", &|value| {
                    let object = value.as_object_mut()?;
                    object.remove(*content).filter(|content| !content.is_null()).map(drop)
                });
            }
        }
        Tagging::Untagged => {}
    }
}
