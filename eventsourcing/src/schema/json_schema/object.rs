//! The schema of an object, put together from several sides.

use serde_json::{Map, Value, json};

use crate::schema::shape::Field;

#[derive(Default)]
pub(super) struct Object {
    properties: Map<String, Value>,
    required: Vec<String>,
    /// What holds besides.
    also: Vec<Value>,
    /// What the values of other keys look like; anything, as long as nobody says so.
    others: Option<Value>,
    /// What keys look like.
    pub(super) names: Option<Value>,
    /// The keys by which a flattened `Option` is told to be there.
    marks: Vec<String>,
    beside: Beside,
}

/// Keys that other parts of the same object have.
#[derive(Debug, Clone, Default)]
pub(super) enum Beside {
    #[default]
    Nothing,
    Keys(Vec<String>),
}

impl Object {
    /// A part of an object that has these keys besides.
    pub(super) fn beside(beside: &Beside) -> Self {
        Self { beside: beside.clone(), ..Self::default() }
    }

    /// All keys so far, for the next part.
    pub(super) fn keys(&self) -> Beside {
        let mut keys: Vec<String> = self.properties.keys().cloned().collect();
        if let Beside::Keys(beside) = &self.beside {
            keys.extend_from_slice(beside);
        }
        Beside::Keys(keys)
    }

    pub(super) fn require(&mut self, name: &str, schema: Value) {
        self.properties.insert(name.to_owned(), schema);
        self.required.push(name.to_owned());
        self.marks.push(name.to_owned());
    }

    /// A key that may be absent.
    pub(super) fn allow(&mut self, name: &str, schema: Value) {
        self.properties.insert(name.to_owned(), schema);
        self.marks.push(name.to_owned());
    }

    pub(super) fn field(&mut self, field: &Field, schema: &Value) {
        let names = || std::iter::once(&field.name).chain(field.aliases).copied();
        for name in names() {
            self.properties.insert(name.to_owned(), schema.clone());
            self.marks.push(name.to_owned());
        }
        match (field.optional, field.aliases) {
            (true, _) => {}
            (false, []) => self.required.push(field.name.to_owned()),
            (false, _) => {
                let one: Vec<Value> = names().map(|name| json!({ "required": [name] })).collect();
                self.also.push(json!({ "anyOf": one }));
            }
        }
    }

    /// Names keys that only this object has, without saying more about them.
    pub(super) fn mark<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.marks.extend(names.into_iter().map(str::to_owned));
    }

    pub(super) fn also(&mut self, schema: Value) {
        self.also.push(schema);
    }

    pub(super) fn others(&mut self, schema: Value) {
        self.others = Some(schema);
    }

    pub(super) fn close(&mut self) {
        self.others = Some(Value::Bool(false));
    }

    /// All of another object's keys, or none of them.
    pub(super) fn perhaps(&mut self, other: Self) {
        if let (Some(values), true) = (&other.others, other.properties.is_empty()) {
            self.others = Some(values.clone());
        } else if !other.marks.is_empty() {
            let present: Vec<Value> = other.marks.iter().map(|name| json!({ "required": [name] })).collect();
            self.also.push(json!({ "anyOf": [Value::from(other), { "not": { "anyOf": present } }] }));
        }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        let Object { mut properties, required, also, others, names, beside, marks: _ } = object;
        if let (Beside::Keys(keys), Some(_)) = (beside, &others) {
            for key in keys {
                properties.entry(key).or_insert(Value::Bool(true));
            }
        }
        let mut schema = Map::new();
        schema.insert("type".to_owned(), "object".into());
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), properties.into());
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        if let Some(names) = names {
            schema.insert("propertyNames".to_owned(), names);
        }
        if let Some(others) = others {
            // Only `unevaluatedProperties` knows what the parts in `allOf` have spoken for.
            let keyword = if also.is_empty() { "additionalProperties" } else { "unevaluatedProperties" };
            schema.insert(keyword.to_owned(), others);
        }
        if !also.is_empty() {
            schema.insert("allOf".to_owned(), also.into());
        }
        schema.into()
    }
}
