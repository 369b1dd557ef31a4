//! The JSON Schema (draft 2020-12) of a shape: for documents, other languages and tools. Knows nothing of codecs.
//!
//! It accepts whatever is written and all that today's code reads of it. What cannot be said in JSON Schema is left
//! out: that an integer in a key has limits, say.

mod object;
mod text;

use schemars::Schema as JsonSchema;
use serde_json::{Map, Value, json};

use crate::{
    schema::{
        event::EventType,
        shape::{Float, Integer, Schema, Shape, Tagging, Variant},
    },
    vocabulary::SchemaVersion,
};
use object::{Beside, Object};

/// The JSON Schema of a type.
///
/// ```
/// use eventsourcing::{Schema, schema};
///
/// #[derive(Schema)]
/// struct Money {
///     cents: u8,
///     currency: Option<String>,
/// }
///
/// let schema = schema::json_schema::<Money>();
/// assert_eq!(schema.get("required"), Some(&serde_json::json!(["cents"])));
/// ```
pub fn json_schema<T: Schema + ?Sized>() -> JsonSchema {
    T::SHAPE.json_schema()
}

impl Shape {
    /// The JSON Schema of values of this shape.
    pub fn json_schema(&self) -> JsonSchema {
        document(self, Map::new())
    }

    /// That of the payloads of an event.
    pub(super) fn json_schema_of_event(&self, tag: &str, version: SchemaVersion) -> JsonSchema {
        let mut head = Map::new();
        head.insert("title".to_owned(), tag.into());
        head.insert("x-version".to_owned(), version.get().into());
        document(self, head)
    }
}

impl EventType {
    /// The JSON Schema of this event's payload; its title is the tag, and `x-version` the schema version.
    pub fn json_schema(&self) -> JsonSchema {
        self.shape.json_schema_of_event(self.tag, self.version)
    }
}

fn document(shape: &Shape, mut document: Map<String, Value>) -> JsonSchema {
    let mut writer = Writer::default();
    let root = writer.value(shape);
    document.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    if let Value::Object(root) = root {
        document.extend(root);
    }
    if !writer.definitions.is_empty() {
        let definitions = writer.definitions.into_iter().enumerate();
        let definitions: Map<String, Value> =
            definitions.map(|(index, (_, schema))| (name_of(index), schema)).collect();
        document.insert("$defs".to_owned(), definitions.into());
    }
    document.into()
}

#[derive(Default)]
struct Writer {
    /// Each shape that contains itself, and its schema.
    definitions: Vec<(Shape, Value)>,
    /// Those of them that are being written, the nearest last.
    enclosing: Vec<usize>,
}

impl Writer {
    fn value(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Null => json!({ "type": "null" }),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Integer(integer) => number(*integer),
            Shape::NonZero(integer) => {
                let mut schema = number(*integer);
                schema["not"] = json!({ "const": 0 });
                schema
            }
            Shape::Float(Float::F32) => json!({ "type": "number", "minimum": -F32_MAX, "maximum": F32_MAX }),
            Shape::Float(Float::F64) => json!({ "type": "number" }),
            Shape::Char => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
            Shape::String => json!({ "type": "string" }),
            Shape::Text(format) => text::in_format(format),
            Shape::Any | Shape::Cut(_) => json!({}),
            Shape::Option(inner) => any_of(vec![self.value(inner), json!({ "type": "null" })]),
            Shape::List(inner) => json!({ "type": "array", "items": self.value(inner) }),
            Shape::Set(inner) => json!({ "type": "array", "items": self.value(inner), "uniqueItems": true }),
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => self.value(inner),
            Shape::Array(inner, length) => {
                json!({ "type": "array", "items": self.value(inner), "minItems": length, "maxItems": length })
            }
            Shape::Tuple(shapes) => self.tuple(shapes),
            Shape::Map { .. } | Shape::Struct { .. } => {
                let mut object = Object::default();
                self.merge(&mut object, shape, true);
                if let Shape::Map { key, .. } = shape {
                    object.names = text::key(key);
                }
                object.into()
            }
            Shape::Enum { tagging, variants } => self.choice(tagging, variants),
            Shape::Recursive(inner) => reference(self.define(inner)),
            Shape::Itself => self.enclosing.last().map_or_else(|| json!({}), |index| reference(*index)),
        }
    }

    fn tuple(&mut self, shapes: &[Shape]) -> Value {
        let mut schema = json!({ "type": "array", "minItems": shapes.len(), "maxItems": shapes.len() });
        if !shapes.is_empty() {
            schema["prefixItems"] = shapes.iter().map(|shape| self.value(shape)).collect();
        }
        schema
    }

    /// The number of the definition of a shape that contains itself.
    fn define(&mut self, inner: &Shape) -> usize {
        if let Some(index) = self.definitions.iter().position(|(known, _)| known == inner) {
            return index;
        }
        let index = self.definitions.len();
        self.definitions.push((*inner, Value::Null));
        self.enclosing.push(index);
        self.definitions[index].1 = self.value(inner);
        self.enclosing.pop();
        index
    }

    fn choice(&mut self, tagging: &Tagging, variants: &[Variant]) -> Value {
        match tagging {
            Tagging::External => self.external(variants),
            Tagging::Internal { tag } => self.internal(tag, variants, &Beside::Nothing),
            Tagging::Adjacent { tag, content } => self.adjacent(tag, content, variants),
            Tagging::Untagged => any_of(variants.iter().map(|variant| self.value(&variant.shape)).collect()),
        }
    }

    fn external(&mut self, variants: &[Variant]) -> Value {
        let plain = |variant: &&Variant| matches!(variant.shape, Shape::Null);
        let mut choices = Vec::new();
        if variants.iter().any(|variant| variant.other) {
            choices.push(json!({ "type": "string" }));
        } else {
            let names: Vec<&str> = variants.iter().filter(plain).flat_map(text::names).collect();
            if !names.is_empty() {
                choices.push(json!({ "enum": names }));
            }
        }
        for variant in variants.iter().filter(|variant| !plain(variant)) {
            for name in text::names(variant) {
                let mut object = Object::default();
                object.require(name, self.value(&variant.shape));
                object.close();
                choices.push(object.into());
            }
        }
        any_of(choices)
    }

    fn internal(&mut self, tag: &str, variants: &[Variant], beside: &Beside) -> Value {
        let mut choices = Vec::new();
        for variant in variants {
            let mut object = Object::beside(beside);
            object.require(tag, tag_of(variant, variants));
            self.merge(&mut object, &variant.shape, matches!(beside, Beside::Nothing));
            choices.push(object.into());
        }
        any_of(choices)
    }

    fn adjacent(&mut self, tag: &str, content: &str, variants: &[Variant]) -> Value {
        let mut choices = Vec::new();
        for variant in variants {
            let mut object = Object::default();
            object.require(tag, tag_of(variant, variants));
            match variant.shape {
                // serde reads an `Option` from nothing there, but no `()`.
                Shape::Null | Shape::Option(_) if variant.shape != Shape::Null.as_content() => {
                    object.allow(content, self.value(&variant.shape));
                }
                _ => object.require(content, self.value(&variant.shape)),
            }
            choices.push(object.into());
        }
        any_of(choices)
    }

    /// Adds the fields or entries of a value to an object: those of a type on its own, those beside the tag of an
    /// enum, or those of a flattened field. Whether a type refuses other keys counts only where it is `alone`.
    fn merge(&mut self, object: &mut Object, shape: &Shape, alone: bool) {
        match shape {
            Shape::Struct { fields, closed } => {
                for field in fields.iter().filter(|field| !field.flatten) {
                    let schema = self.value(&field.shape);
                    object.field(field, &schema);
                }
                for field in fields.iter().filter(|field| field.flatten) {
                    self.merge(object, &field.shape, false);
                }
                if *closed && alone {
                    object.close();
                }
            }
            Shape::Map { value, .. } => object.others(self.value(value)),
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => {
                self.merge(object, inner, alone);
            }
            Shape::Option(inner) => {
                let mut present = Object::beside(&object.keys());
                self.merge(&mut present, inner, alone);
                object.perhaps(present);
            }
            Shape::Enum { tagging, variants } => {
                match tagging {
                    Tagging::External => object.mark(variants.iter().flat_map(text::names)),
                    Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => object.mark([*tag]),
                    Tagging::Untagged => {}
                }
                let schema = self.flattened(tagging, variants, &object.keys());
                object.also(schema);
            }
            Shape::Recursive(inner) => {
                // Not by reference: what is beside it in the object is unknown to the definition.
                let index = self.define(inner);
                self.enclosing.push(index);
                self.merge(object, inner, alone);
                self.enclosing.pop();
            }
            Shape::Itself => object.also(self.value(shape)),
            // Nothing else has fields.
            _ => {}
        }
    }

    /// An enum among other fields.
    fn flattened(&mut self, tagging: &Tagging, variants: &[Variant], beside: &Beside) -> Value {
        let mut choices = Vec::new();
        match tagging {
            Tagging::External => {
                for variant in variants {
                    for name in text::names(variant) {
                        let mut object = Object::default();
                        object.require(name, self.value(&variant.shape));
                        choices.push(object.into());
                    }
                }
            }
            Tagging::Internal { tag } => return self.internal(tag, variants, beside),
            Tagging::Adjacent { tag, content } => return self.adjacent(tag, content, variants),
            Tagging::Untagged => {
                for variant in variants {
                    let mut object = Object::beside(beside);
                    self.merge(&mut object, &variant.shape, false);
                    choices.push(object.into());
                }
            }
        }
        any_of(choices)
    }
}

/// What JSON text of the largest `f32` says; the number itself has more digits.
const F32_MAX: f64 = 3.402_823_5e38;

fn number(integer: Integer) -> Value {
    match integer {
        Integer::I8 => json!({ "type": "integer", "minimum": i8::MIN, "maximum": i8::MAX }),
        Integer::I16 => json!({ "type": "integer", "minimum": i16::MIN, "maximum": i16::MAX }),
        Integer::I32 => json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
        Integer::I64 => json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
        Integer::U8 => json!({ "type": "integer", "minimum": 0, "maximum": u8::MAX }),
        Integer::U16 => json!({ "type": "integer", "minimum": 0, "maximum": u16::MAX }),
        Integer::U32 => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Integer::U64 => json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }),
    }
}

fn tag_of(variant: &Variant, all: &[Variant]) -> Value {
    if variant.other {
        let known: Vec<&str> = all.iter().filter(|variant| !variant.other).flat_map(text::names).collect();
        json!({ "type": "string", "not": { "enum": known } })
    } else {
        json!({ "enum": text::names(variant).collect::<Vec<_>>() })
    }
}

/// One of these; nothing at all when there are none.
fn any_of(mut choices: Vec<Value>) -> Value {
    match (choices.pop(), choices.is_empty()) {
        (None, _) => json!({ "not": {} }),
        (Some(only), true) => only,
        (Some(last), false) => {
            choices.push(last);
            json!({ "anyOf": choices })
        }
    }
}

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/$defs/{}", name_of(index)) })
}

fn name_of(index: usize) -> String {
    format!("recursive{}", index + 1)
}
