//! The text of a JSON number, as the machine's number of the same value.

use std::{fmt, sync::LazyLock};

use serde::{
    Deserializer,
    de::{MapAccess, Visitor},
};

/// Whether `serde_json` has its feature `arbitrary_precision`, which any crate of the build can turn on.
pub(super) static ARBITRARY_PRECISION: LazyLock<bool> = LazyLock::new(|| {
    struct Probe;

    impl<'de> Visitor<'de> for Probe {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }

        fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
            Ok(false)
        }

        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<bool, A::Error> {
            Ok(true)
        }
    }

    serde_json::Deserializer::from_slice(b"0.5").deserialize_any(Probe).unwrap_or(false)
});

/// A number without loss.
#[derive(Debug, PartialEq)]
pub(super) enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl Number {
    /// The number that this text is; `None` when the machine's numbers are too short for it.
    ///
    /// A float is the same when its own shortest text has the same digits: `1.50` is 1.5, and `0.1` is what everybody
    /// writes for the nearest double. Some doubles have several shortest texts, so the one that is written here counts as
    /// well as the one that is closest.
    pub(super) fn exactly(text: &str) -> Option<Self> {
        // Minus zero is a float: there is no such integer.
        if text != "-0" {
            if let Ok(number) = text.parse() {
                return Some(Self::Unsigned(number));
            }
            if let Ok(number) = text.parse() {
                return Some(Self::Signed(number));
            }
        }
        let number: f64 = text.parse().ok()?;
        let given = Decimal::of(text)?;
        let is_text = |own: &str| Decimal::of(own).is_some_and(|own| own == given);
        let same = is_text(&format!("{number:e}")) || is_text(&serde_json::to_string(&number).ok()?);
        (number.is_finite() && same).then_some(Self::Float(number))
    }
}

/// The digits without zeros at either end, and the power of ten of the last one.
#[derive(PartialEq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').collect();
        let mut exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent = exponent.checked_add(1)?;
        }
        // Zero has no digits, so its exponent says nothing.
        let exponent = if digits.is_empty() { 0 } else { exponent };
        Some(Self { negative, digits, exponent })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Number;

    #[test]
    fn what_fits_is_a_number() {
        for (text, number) in [
            ("0", Number::Unsigned(0)),
            ("18446744073709551615", Number::Unsigned(u64::MAX)),
            ("-9223372036854775808", Number::Signed(i64::MIN)),
            ("1.0", Number::Float(1.0)),
            ("1.50", Number::Float(1.5)),
            ("1E+2", Number::Float(100.0)),
            ("0.1", Number::Float(0.1)),
            ("1e23", Number::Float(1e23)),
            ("73107653534563.12", Number::Float(73_107_653_534_563.12)),
            ("5e-324", Number::Float(5e-324)),
            ("0e99999", Number::Float(0.0)),
        ] {
            assert_eq!(Number::exactly(text), Some(number), "{text}");
        }
        for text in ["-0", "-0.0"] {
            assert!(
                matches!(Number::exactly(text), Some(Number::Float(zero)) if zero.to_bits() == (-0.0_f64).to_bits())
            );
        }
    }

    #[test]
    fn what_would_lose_digits_is_none() {
        for text in ["18446744073709551616", "0.10000000000000000001", "1e400", "9007199254740993.0", "1e-400"] {
            assert_eq!(Number::exactly(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_float_is_its_own_text(bits: u64) {
            let float = f64::from_bits(bits);
            prop_assume!(float.is_finite());
            let text = serde_json::to_string(&float).unwrap();
            let read = match Number::exactly(&text) {
                Some(Number::Float(read)) => read,
                other => panic!("{text}: {other:?}"),
            };
            prop_assert_eq!(read.to_bits(), bits);
        }
    }
}
