//! Numbers, text and their like.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
    num::NonZero,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicU8, AtomicU16, AtomicU32, AtomicU64},
};

use super::shapes::shapes;
use crate::schema::shape::{Float, Integer, Shape};

shapes! {
    bool => Shape::Bool, MapKey;
    char => Shape::Char, MapKey;
    str => Shape::String, MapKey;
    String => Shape::String, MapKey;
    i8 => Shape::Integer(Integer::I8), MapKey;
    i16 => Shape::Integer(Integer::I16), MapKey;
    i32 => Shape::Integer(Integer::I32), MapKey;
    i64 => Shape::Integer(Integer::I64), MapKey;
    u8 => Shape::Integer(Integer::U8), MapKey;
    u16 => Shape::Integer(Integer::U16), MapKey;
    u32 => Shape::Integer(Integer::U32), MapKey;
    u64 => Shape::Integer(Integer::U64), MapKey;
    NonZero<i8> => Shape::NonZero(Integer::I8), MapKey;
    NonZero<i16> => Shape::NonZero(Integer::I16), MapKey;
    NonZero<i32> => Shape::NonZero(Integer::I32), MapKey;
    NonZero<i64> => Shape::NonZero(Integer::I64), MapKey;
    NonZero<u8> => Shape::NonZero(Integer::U8), MapKey;
    NonZero<u16> => Shape::NonZero(Integer::U16), MapKey;
    NonZero<u32> => Shape::NonZero(Integer::U32), MapKey;
    NonZero<u64> => Shape::NonZero(Integer::U64), MapKey;
    AtomicBool => Shape::Bool;
    AtomicI8 => Shape::Integer(Integer::I8);
    AtomicI16 => Shape::Integer(Integer::I16);
    AtomicI32 => Shape::Integer(Integer::I32);
    AtomicI64 => Shape::Integer(Integer::I64);
    AtomicU8 => Shape::Integer(Integer::U8);
    AtomicU16 => Shape::Integer(Integer::U16);
    AtomicU32 => Shape::Integer(Integer::U32);
    AtomicU64 => Shape::Integer(Integer::U64);
    f32 => Shape::Float(Float::F32);
    f64 => Shape::Float(Float::F64);
    IpAddr => Shape::Text("ip"), MapKey;
    Ipv4Addr => Shape::Text("ipv4"), MapKey;
    Ipv6Addr => Shape::Text("ipv6"), MapKey;
    SocketAddr => Shape::Text("socket-address"), MapKey, unless labelled;
    SocketAddrV4 => Shape::Text("socket-address-v4"), MapKey;
    SocketAddrV6 => Shape::Text("socket-address-v6"), MapKey, unless labelled_v6;
    // serde refuses to write a path that is not Unicode.
    Path => Shape::String, MapKey;
    PathBuf => Shape::String, MapKey;
}

fn labelled(address: &SocketAddr) -> Option<&'static str> {
    match address {
        SocketAddr::V4(_) => None,
        SocketAddr::V6(address) => labelled_v6(address),
    }
}

fn labelled_v6(address: &SocketAddrV6) -> Option<&'static str> {
    (address.flowinfo() != 0)
        .then_some("the flow label of an address is not written; set it to 0, or store it in a field of its own")
}
