//! Text that says the same in other words: instants in other time zones, decimals with other zeros.

/// Whether two texts in this format have the same meaning.
pub(super) fn same(format: &str, one: &str, other: &str) -> bool {
    one == other
        || match format {
            "date-time" => instant(one).is_some_and(|instant_of_one| Some(instant_of_one) == instant(other)),
            "decimal" => plain(one) == plain(other),
            _ => false,
        }
}

/// Nanoseconds since 0000-03-01 of an RFC 3339 text, in proleptic Gregorian years from 0 on.
fn instant(text: &str) -> Option<i128> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at(zone);
    let mut date = date.splitn(3, '-').map(str::parse::<i128>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(str::parse::<i128>);
    let (hour, minute, second) = (time.next()?.ok()?, time.next()?.ok()?, time.next()?.ok()?);
    let nanoseconds: i128 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let offset = match zone.split_at(1) {
        ("+", offset) => minutes(offset)?,
        ("-", offset) => -minutes(offset)?,
        _ => 0,
    };
    // Years begin in March here, so that the leap day is their last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days + (153 * month + 2) / 5 + day - 1;
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
    Some(seconds * 1_000_000_000 + nanoseconds)
}

fn minutes(offset: &str) -> Option<i128> {
    let (hours, minutes) = offset.split_once(':')?;
    Some(hours.parse::<i128>().ok()? * 60 + minutes.parse::<i128>().ok()?)
}

/// A decimal without the zeros that say nothing.
fn plain(decimal: &str) -> String {
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", decimal.strip_prefix('+').unwrap_or(decimal)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.is_empty() && fraction.is_empty() { "0".to_owned() } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn instants_are_the_same_in_every_time_zone() {
        assert!(same("date-time", "2024-02-29T12:30:00.5+02:00", "2024-02-29T10:30:00.500Z"));
        assert!(same("date-time", "1969-12-31T23:59:59-05:30", "1970-01-01T05:29:59+00:00"));
        assert!(same("date-time", "0001-01-01T00:00:00Z", "0000-12-31T23:00:00-01:00"));
        assert!(!same("date-time", "2024-02-29T12:30:00Z", "2024-03-01T12:30:00Z"));
        assert!(!same("date-time", "2024-02-29T12:30:00.000001Z", "2024-02-29T12:30:00Z"));
        assert!(!same("date", "2024-02-29", "2024-2-29"));
    }

    #[test]
    fn decimals_are_the_same_with_other_zeros() {
        assert!(same("decimal", "1.10", "1.1"));
        assert!(same("decimal", "-0", "0.00"));
        assert!(!same("decimal", "10", "1"));
        assert!(!same("decimal", "-1", "1"));
    }
}
