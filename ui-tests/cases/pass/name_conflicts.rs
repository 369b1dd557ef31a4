//! The derives work where everything they might name means something else.

#![allow(dead_code, non_camel_case_types)]

mod core {}
mod std {}
mod alloc {}
mod serde {}
mod __private {}

struct Option;
struct Result;
struct Vec;
struct Some;
struct None;
struct Ok;
struct Err;
struct Box;
struct Field;
struct Shape;
struct Event;
struct Schema;
struct Default;
struct Encoded;
struct Serialize;
struct Deserialize;

mod events {
    use ::eventsourcing::Schema as DeriveSchema;

    pub struct Opened;

    #[derive(::serde::Serialize, ::serde::Deserialize, DeriveSchema)]
    pub struct Payload {
        pub decode: ::std::string::String,
        pub encode: ::std::option::Option<::std::string::String>,
    }

    #[derive(::eventsourcing::Event)]
    #[event(prefix = "conflict")]
    pub enum Conflict {
        Opened { own: Payload, deserializer: ::std::string::String, serializer: ::std::string::String },
        Payload(Payload),
        Some { value: ::std::string::String },
        None,
        Ok,
        Err,
    }

    #[derive(::eventsourcing::Event)]
    #[event(tag = "conflict.single", version = 2, upcast(1 = Payload))]
    pub struct Single {
        #[serde(default)]
        pub encoded: ::std::option::Option<::std::string::String>,
    }

    impl ::std::convert::From<Payload> for Single {
        fn from(old: Payload) -> Self {
            Self { encoded: old.encode }
        }
    }
}

#[derive(::eventsourcing::Schema)]
struct Own<T> {
    value: T,
    flag: ::std::primitive::bool,
}

#[derive(::eventsourcing::Event)]
#[event(prefix = "here")]
enum Here {
    #[event(nested)]
    Nested(events::Conflict),
    Unit,
    Fields { text: ::std::string::String },
}

#[derive(::std::default::Default, ::eventsourcing::Aggregate)]
#[aggregate(event = Here, id = ::std::primitive::u64, category = "here")]
struct Account;

impl ::eventsourcing::Apply<Here> for Account {
    fn apply(&mut self, _: &Here) {}
}

fn main() {}
