//! One check for all types.

use std::{fmt::Debug, marker::PhantomData};

use codec_tests::{accepts, mutants, shuffled, sorted, with_unknown_fields};
use eventsourcing::{
    Schema,
    codec::json,
    schema::{self, Shape},
};
use jsonschema::Validator;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The shape of a type, for ever.
pub(crate) struct Of<T>(PhantomData<T>);

impl<T: Schema> Of<T> {
    pub(crate) const SHAPE: &'static Shape = &T::SHAPE;
}

/// How many mutants there were, and how many of them serde refuses to read.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) mutants: usize,
    pub(crate) unreadable: usize,
    /// Mutants that another variant of an untagged enum, or a type that is open to anything, takes.
    pub(crate) taken: usize,
}

/// Checks one type with many values.
pub(crate) fn check<T>(values: impl Strategy<Value = T>) -> Tally
where
    T: Schema + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let subject = Subject::<T>::new();
    let tally = std::cell::RefCell::new(Tally::default());
    let run = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() }).run(
        &(values, any::<u64>()),
        |(value, seed)| {
            subject.check(&value, seed, &mut tally.borrow_mut());
            Ok(())
        },
    );
    if let Err(failure) = run {
        panic!("{failure}");
    }
    tally.into_inner()
}

/// A type under test.
pub(crate) struct Subject<T> {
    validator: Validator,
    ty: PhantomData<T>,
}

impl<T: Schema + Serialize + DeserializeOwned + PartialEq + Debug> Subject<T> {
    pub(crate) fn new() -> Self {
        Self { validator: validator(schema::json_schema::<T>()), ty: PhantomData }
    }

    pub(crate) fn check(&self, value: &T, seed: u64, tally: &mut Tally) {
        let text = json::to_vec(value).expect("it is written");
        let read: T = json::from_slice(&text).expect("what was written is read");
        assert_eq!(&read, value);
        // Equality takes zero for minus zero; the text does not. The order in a `HashMap` is nobody's.
        let again = json::to_vec(&read).expect("it is written again");
        let parsed: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(sorted(&serde_json::from_slice(&again).expect("JSON")), sorted(&parsed));

        let shape = Of::<T>::SHAPE;
        assert!(accepts(shape, &parsed, &[]), "not of its shape {shape:?}: {parsed}");
        if let Err(error) = self.validator.validate(&parsed) {
            panic!("not valid by its schema, at `{}`: {error}", error.instance_path());
        }
        self.reads(&shuffled(&parsed, seed), value);
        let more = with_unknown_fields(shape, &parsed);
        self.reads(&shuffled(&more, seed), value);
        self.mutants(shape, &parsed, tally);
    }

    fn reads(&self, text: &str, value: &T) {
        match json::from_slice::<T>(text.as_bytes()) {
            Ok(read) => assert_eq!(&read, value, "{text}"),
            Err(error) => panic!("{error}: {text}"),
        }
        let parsed = serde_json::from_str(text).expect("JSON");
        assert!(self.validator.is_valid(&parsed), "not valid by its schema: {text}");
    }

    fn mutants(&self, shape: &'static Shape, parsed: &Value, tally: &mut Tally) {
        for mutant in mutants(shape, parsed) {
            tally.mutants += 1;
            if accepts(shape, &mutant.value, &[]) {
                tally.taken += 1;
                continue;
            }
            let (fault, value) = (&mutant.fault, &mutant.value);
            assert!(!self.validator.is_valid(value), "valid by its schema, though {fault}: {value}");
            // serde is lenient here and there: it reads a struct from a list, and a float from an integer.
            if json::from_slice::<T>(value.to_string().as_bytes()).is_err() {
                tally.unreadable += 1;
            }
        }
    }
}

pub(crate) fn validator(schema: schemars::Schema) -> Validator {
    let schema = schema.to_value();
    assert!(jsonschema::meta::is_valid(&schema), "no JSON Schema: {schema}");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a JSON Schema")
}
