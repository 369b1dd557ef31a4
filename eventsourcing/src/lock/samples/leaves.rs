//! Values without parts: numbers, text, and what may be anything. What differs most comes first.

use super::json::Json;
use crate::schema::{Float, Integer};

/// Both limits, and the numbers about zero.
pub(super) fn integers(integer: Integer) -> Vec<Json> {
    let (min, max) = match integer {
        Integer::I8 => (i64::from(i8::MIN), i8::MAX.unsigned_abs().into()),
        Integer::I16 => (i64::from(i16::MIN), i16::MAX.unsigned_abs().into()),
        Integer::I32 => (i64::from(i32::MIN), i32::MAX.unsigned_abs().into()),
        Integer::I64 => (i64::MIN, i64::MAX.unsigned_abs()),
        Integer::U8 => (0, u8::MAX.into()),
        Integer::U16 => (0, u16::MAX.into()),
        Integer::U32 => (0, u32::MAX.into()),
        Integer::U64 => (0, u64::MAX),
    };
    let mut numbers = vec![Json::number(max), Json::number(min)];
    if min < 0 {
        numbers.extend([Json::number(0), Json::number(-1)]);
    }
    numbers.push(Json::number(1));
    numbers
}

/// Numbers in their shortest text, each exact in its type.
pub(super) fn floats(float: Float) -> Vec<Json> {
    let own: &[&str] = match float {
        Float::F32 => &["3.4028235e38", "-3.4028235e38", "1.1754944e-38", "16777216.0"],
        Float::F64 => &["1.7976931348623157e308", "-1.7976931348623157e308", "2.2250738585072014e-308", "0.1"],
    };
    let shared = ["0.0", "-1.5", "1.0", "0.5", "-0.0"];
    own.iter().take(2).chain(&shared).chain(own.iter().skip(2)).map(Json::number).collect()
}

pub(super) fn characters() -> Vec<Json> {
    ["a", "\"", "\u{1f980}", "\u{e9}", "\\", " ", "0"].map(Json::text).into()
}

pub(super) fn strings() -> Vec<Json> {
    let long = "0123456789 abcdef ".repeat(20);
    let texts = [
        "",
        "Ada",
        "\"quotes\" \\ / \n\t",
        "\u{dc}n\u{ef}c\u{f6}d\u{e9} \u{1f980} \u{4e8b}\u{4ef6}",
        &long,
        " ",
        "0",
        "null",
    ];
    texts.map(Json::text).into()
}

/// Text in a named format, in the form in which it is written. Of a format that is not known here some plain words.
pub(super) fn texts(format: &str) -> Vec<Json> {
    let texts: &[&str] = match format {
        "uuid" => &[
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "00000000-0000-0000-0000-000000000000",
            "01930e5a-8f4b-7c3d-9e2f-a1b2c3d4e5f6",
        ],
        "ip" => &["255.255.255.255", "::1", "0.0.0.0", "2001:db8::ff00:42:8329"],
        "ipv4" => &["255.255.255.255", "0.0.0.0", "127.0.0.1"],
        "ipv6" => &["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", "2001:db8::ff00:42:8329", "::ffff:192.0.2.1"],
        "socket-address" => &["255.255.255.255:65535", "[::1]:0", "127.0.0.1:80"],
        "socket-address-v4" => &["255.255.255.255:65535", "0.0.0.0:0", "127.0.0.1:80"],
        "socket-address-v6" => &["[2001:db8::ff00:42:8329]:65535", "[::]:0"],
        "instant" | "offset-date-time" | "timestamp" | "date-time" | "naive-date" | "civil-date" | "date"
        | "naive-time" | "civil-time" | "local-time" | "naive-date-time" | "civil-date-time" | "local-date-time"
        | "zoned-date-time" => times(format),
        "duration" => &["P1Y2M3W4DT5H6M7.000000001S", "PT0S", "-P1D", "PT1H"],
        "time-duration" => &["PT2562047788015215H30M7.999999999S", "PT0S", "-PT0.000000001S", "PT1H"],
        "semver" => &["1.2.3-rc.1+build.5", "0.0.0", "18446744073709551615.0.1"],
        "semver-range" => &["*", ">=1.2.3, <2.0.0", "^0.1", "=1.0.0-rc.1"],
        "decimal" => &[
            "79228162514264337593543950335",
            "0",
            "-0.0000000000000000000000000001",
            "-79228162514264337593543950335",
            "1.10",
            "1",
        ],
        "uri" | "url" => &[
            "https://example.org/",
            "http://user:secret@example.org:8080/a%20b?x=1&y=%C3%A9#part",
            "mailto:ada@example.org",
            "http://[2001:db8::1]/",
        ],
        "ulid" => &["7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "00000000000000000000000000", "01JCXZ5QQ5AR9E1DFYC2V2M3KN"],
        "bool" => &["false", "true"],
        "i8" => &["127", "-128", "0", "-1"],
        "i16" => &["32767", "-32768", "0", "-1"],
        "i32" => &["2147483647", "-2147483648", "0", "-1"],
        "i64" => &["9223372036854775807", "-9223372036854775808", "0", "-1"],
        "i128" => &["170141183460469231731687303715884105727", "-170141183460469231731687303715884105728", "0", "-1"],
        "u8" => &["255", "0", "1"],
        "u16" => &["65535", "0", "1"],
        "u32" => &["4294967295", "0", "1"],
        "u64" => &["18446744073709551615", "0", "1"],
        "u128" => &["340282366920938463463374607431768211455", "0", "1"],
        "hex" => &["", "00", "ff00a5"],
        "hex-16" => &["00112233445566778899aabbccddeeff", "ffffffffffffffffffffffffffffffff"],
        "hex-20" => &["00112233445566778899aabbccddeeff00112233"],
        "hex-32" => &["00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],
        "hex-64" => &[
            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        ],
        "base64" => &["", "+/8=", "AA==", "QWRh"],
        "base64-16" => &["ABEiM0RVZneImaq7zN3u/w==", "/////////////////////w=="],
        "base64-32" => &["ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8="],
        "base64-64" => &["ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8AESIzRFVmd4iZqrvM3e7/ABEiM0RVZneImaq7zN3u/w=="],
        "base64-unpadded" => &["", "+/8", "AA", "QWRh"],
        "base64url" => &["", "-_8=", "AA==", "QWRh"],
        "base64url-unpadded" => &["", "-_8", "AA", "QWRh"],
        _ => &["", "Ada", "0", "1.0.0", "2024-02-29"],
    };
    texts.iter().copied().map(Json::text).collect()
}

/// Times, up to both limits of the format. A format of an older release may be that of either library: it has what both
/// of them read.
fn times(format: &str) -> &'static [&'static str] {
    match format {
        // A year short of the limits, so that every time zone has them.
        "instant" => &[
            "9999-12-31T23:59:59.999999999Z",
            "1970-01-01T00:00:00Z",
            "2016-12-31T23:59:60.500Z",
            "0001-01-01T00:00:00Z",
            "2024-02-29T12:30:00.500+02:00",
            "+262141-12-31T23:59:59Z",
            "-262142-01-01T00:00:00Z",
        ],
        "offset-date-time" => &[
            "9999-12-31T23:59:59.999999999+02:00",
            "1970-01-01T00:00:00+00:00",
            "2016-12-31T23:59:60.500-05:30",
            "0001-01-01T00:00:00+23:59",
            "+262141-12-31T23:59:59-23:59",
            "-262142-01-01T00:00:00+00:00",
        ],
        "timestamp" => &[
            "9999-12-30T22:00:00.999999999Z",
            "1970-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "2024-02-29T10:30:00.5Z",
            "-009999-01-02T01:59:59Z",
        ],
        "date-time" => &["9999-12-30T21:59:59.999999Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
        "naive-date" => &["9999-12-31", "0001-01-01", "2024-02-29", "1970-01-01", "+262142-12-31", "-262143-01-01"],
        "civil-date" => &["9999-12-31", "0001-01-01", "2024-02-29", "1970-01-01", "-009999-01-01"],
        "date" => &["9999-12-31", "0001-01-01", "2024-02-29", "1970-01-01"],
        "naive-time" => &["23:59:59.999999999", "00:00:00", "12:30:00", "23:59:60.500"],
        "civil-time" | "local-time" => &["23:59:59.999999999", "00:00:00", "12:30:00"],
        "naive-date-time" => &[
            "9999-12-31T23:59:59.999999999",
            "1970-01-01T00:00:00",
            "2016-12-31T23:59:60.500",
            "+262142-12-31T23:59:59",
            "-262143-01-01T00:00:00",
        ],
        "civil-date-time" => {
            &["9999-12-31T23:59:59.999999999", "1970-01-01T00:00:00", "0001-01-01T00:00:00", "-009999-01-01T00:00:00"]
        }
        "local-date-time" => &["9999-12-31T23:59:59.999999", "1970-01-01T00:00:00", "0001-01-01T00:00:00"],
        _ => &[
            "2024-02-29T12:30:00.5+01:00[Europe/Berlin]",
            "1970-01-01T00:00:00+00:00[UTC]",
            "0001-01-01T00:00:00+00:00[UTC]",
        ],
    }
}

/// Values of every kind.
pub(super) fn anything() -> Vec<Json> {
    vec![
        Json::Object(vec![("a".to_owned(), Json::number(1)), ("b c".to_owned(), Json::List(vec![Json::Null]))]),
        Json::Null,
        Json::List(vec![Json::number(u64::MAX), Json::Object(Vec::new())]),
        Json::text("text"),
        Json::Bool(false),
        Json::number(i64::MIN),
        Json::number("0.5"),
        Json::Object(Vec::new()),
    ]
}
