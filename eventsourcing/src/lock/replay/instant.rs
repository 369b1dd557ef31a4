//! Text that says the same in other words: instants in other time zones, years and fractions with other zeros, decimals
//! with other zeros.

/// Whether two texts in this format have the same meaning.
pub(super) fn same(format: &str, one: &str, other: &str) -> bool {
    one == other
        || match format {
            "instant" | "timestamp" | "date-time" => both(Instant::of, one, other),
            // The offset is a part of the value.
            "offset-date-time" => both(Moment::of, one, other),
            "naive-date" | "civil-date" | "date" => both(Date::of, one, other),
            "naive-time" | "civil-time" | "local-time" => both(Clock::of, one, other),
            "naive-date-time" | "civil-date-time" | "local-date-time" => both(civil, one, other),
            "decimal" => plain(one) == plain(other),
            _ => false,
        }
}

fn both<T: PartialEq>(read: fn(&str) -> Option<T>, one: &str, other: &str) -> bool {
    read(one).is_some_and(|one| Some(one) == read(other))
}

/// A day in the proleptic Gregorian calendar.
#[derive(PartialEq)]
struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    fn of(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let mut numbers = digits.split('-').map(str::parse::<i64>);
        let date =
            Self { year: sign * numbers.next()?.ok()?, month: numbers.next()?.ok()?, day: numbers.next()?.ok()? };
        numbers.next().is_none().then_some(date)
    }

    /// Days since 0000-03-01.
    fn days(&self) -> i64 {
        // Years begin in March here, so that the leap day is their last.
        let Self { year, month, day } = *self;
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        days + (153 * month + 2) / 5 + day - 1
    }
}

/// A time of day; the second is 60 in a leap second.
#[derive(PartialEq)]
struct Clock {
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: u32,
}

impl Clock {
    fn of(text: &str) -> Option<Self> {
        let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let mut numbers = clock.split(':').map(str::parse::<i64>);
        let (hour, minute, second) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
        let nanosecond = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
        numbers.next().is_none().then_some(Self { hour, minute, second, nanosecond })
    }
}

/// A local time and its offset from UTC, in minutes.
#[derive(PartialEq)]
struct Moment {
    date: Date,
    clock: Clock,
    offset: i64,
}

impl Moment {
    fn of(text: &str) -> Option<Self> {
        let zone = text.find(['T', 't', ' ']).and_then(|time| Some(time + text[time..].find(['Z', 'z', '+', '-'])?))?;
        let (local, zone) = text.split_at(zone);
        let (date, clock) = civil(local)?;
        let offset = match zone.split_at(1) {
            ("+", offset) => minutes(offset)?,
            ("-", offset) => -minutes(offset)?,
            _ => 0,
        };
        Some(Self { date, clock, offset })
    }
}

/// A point in time, in UTC. A leap second is none of the seconds around it.
#[derive(PartialEq)]
struct Instant {
    second: i64,
    is_leap: bool,
    nanosecond: u32,
}

impl Instant {
    fn of(text: &str) -> Option<Self> {
        let Moment { date, clock, offset } = Moment::of(text)?;
        let second = ((date.days() * 24 + clock.hour) * 60 + clock.minute - offset) * 60 + clock.second;
        Some(Self { second, is_leap: clock.second == 60, nanosecond: clock.nanosecond })
    }
}

fn civil(text: &str) -> Option<(Date, Clock)> {
    let (date, clock) = text.split_once(['T', 't', ' '])?;
    Some((Date::of(date)?, Clock::of(clock)?))
}

fn minutes(offset: &str) -> Option<i64> {
    let (hours, minutes) = offset.split_once(':')?;
    Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
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
        assert!(same("instant", "2024-02-29T12:30:00.5+02:00", "2024-02-29T10:30:00.500Z"));
        assert!(same("instant", "1969-12-31T23:59:59-05:30", "1970-01-01T05:29:59+00:00"));
        assert!(same("instant", "0001-01-01T00:00:00Z", "0000-12-31T23:00:00-01:00"));
        assert!(same("timestamp", "-009999-01-02T01:59:59Z", "-9999-01-02T01:59:59Z"));
        assert!(!same("instant", "2024-02-29T12:30:00Z", "2024-03-01T12:30:00Z"));
        assert!(!same("instant", "2024-02-29T12:30:00.000001Z", "2024-02-29T12:30:00Z"));
        assert!(!same("instant", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"));
        assert!(!same("instant", "2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.5Z"));
        assert!(!same("instant", "no time", "none either"));
    }

    #[test]
    fn an_offset_is_kept_where_it_belongs_to_the_value() {
        assert!(same("offset-date-time", "2024-02-29T12:30:00.5+00:00", "2024-02-29T12:30:00.500Z"));
        assert!(!same("offset-date-time", "2024-02-29T12:30:00+02:00", "2024-02-29T10:30:00Z"));
    }

    #[test]
    fn years_and_fractions_are_the_same_with_other_zeros() {
        assert!(same("naive-date", "-009999-01-01", "-9999-01-01"));
        assert!(same("naive-date-time", "2024-02-29T12:30:00.5", "2024-02-29T12:30:00.500"));
        assert!(same("naive-time", "12:30:00.5", "12:30:00.500"));
        assert!(!same("naive-date", "2024-02-29", "2024-02-28"));
        assert!(!same("naive-time", "23:59:60.5", "23:59:59.5"));
    }

    #[test]
    fn decimals_are_the_same_with_other_zeros() {
        assert!(same("decimal", "1.10", "1.1"));
        assert!(same("decimal", "-0", "0.00"));
        assert!(!same("decimal", "10", "1"));
        assert!(!same("decimal", "-1", "1"));
    }
}
