//! Lists of categories, streams and checkpoints, each page with a limit.
//!
//! No index holds each stream once, and none is made for it: every append would pay for it. The index of streams and versions
//! has each stream's events side by side, so a recursive query goes from one stream to the next, or to the next category,
//! with one look into the index for each, and passes over all that lies between.

/// `$1` is a text behind which to begin, `$2` how many rows to give, `$3` how many bytes a category has at most.
///
/// `0` is the character after `/`: every id of the category `a` is before `a0`, and no other id that begins with `a/` is
/// behind it. An id without a category is gone past by itself, and gives none.
pub(super) const CATEGORIES: &str = r"
with recursive c as (
    (select e.stream_id from {events} e where e.stream_id {>} $1 order by e.stream_id limit 1)
    union all
    select (
        select e.stream_id from {events} e
        where e.stream_id {>} case
            when pg_catalog.strpos(c.stream_id, '/') {>} 0 then pg_catalog.split_part(c.stream_id, '/', 1) {||} '0'
            else c.stream_id
        end
        order by e.stream_id limit 1
    )
    from c where c.stream_id is not null
)
select k.category
from (
    select pg_catalog.split_part(c.stream_id, '/', 1), pg_catalog.strpos(c.stream_id, '/') from c
) k(category, ends)
where k.ends {>} 1 and pg_catalog.octet_length(k.category) {<=} $3
limit $2
";

/// Every stream whose id begins with `$1` and is behind `$2`.
macro_rules! streams {
    () => {
        r"
with recursive s as (
    (
        select e.stream_id from {events} e where e.stream_id {>=} $1 and e.stream_id {>} $2
        order by e.stream_id limit 1
    )
    union all
    select (select e.stream_id from {events} e where e.stream_id {>} s.stream_id order by e.stream_id limit 1)
    from s where pg_catalog.starts_with(s.stream_id, $1)
)
"
    };
}

/// Where the last event of a stream `s` stands.
macro_rules! last_of {
    () => {
        r"
    cross join lateral (
        select e.version, e.position, e.recorded_at from {events} e
        where e.stream_id {=} s.stream_id order by e.version desc limit 1
    ) l
"
    };
}

/// `$1` is the prefix, `$2` the id behind which to begin, `$3` how many rows to give.
pub(super) const STREAMS_BY_ID: &str = concat!(
    streams!(),
    "select s.stream_id, l.version, l.position, l.recorded_at
     from (select s.stream_id from s where pg_catalog.starts_with(s.stream_id, $1) limit $3) s",
    last_of!(),
    "order by s.stream_id"
);

/// `$1` is the prefix and `$2` empty, `$3` and `$4` the version and the id behind which to begin, `$5` how many rows to give.
pub(super) const STREAMS_LONGEST: &str = concat!(
    streams!(),
    "select s.stream_id, l.version, l.position, l.recorded_at from s",
    last_of!(),
    "where pg_catalog.starts_with(s.stream_id, $1)
        and ($3::bigint is null or l.version {<} $3 or (l.version {=} $3 and s.stream_id {>} $4))
     order by l.version desc, s.stream_id limit $5"
);

/// `$1` is the prefix, `$2` the position before which to begin, `$3` how many rows to give, `$4` how many events to look at.
///
/// There is one row at least, without a stream when none is found, so that it can say how far back the statement has
/// looked; null where it has come to the beginning of the log.
pub(super) const STREAMS_LATEST: &str = r"
select l.stream_id, l.version, l.position, l.recorded_at, w.lowest, w.events {<} $4
from (
    select pg_catalog.min(b.position) as lowest, pg_catalog.count(*) as events from (
        select e.position from {events} e where e.position {<} $2 order by e.position desc limit $4
    ) b
) w left join lateral (
    select e.stream_id, e.version, e.position, e.recorded_at from {events} e
    where e.position {<} $2 and e.position {>=} w.lowest and pg_catalog.starts_with(e.stream_id, $1)
        and not exists (select from {events} n where n.stream_id {=} e.stream_id and n.version {>} e.version)
    order by e.position desc limit $3
) l on true
order by l.position desc
";

/// `$1` is the name behind which to begin, and `$2` how many rows to give.
pub(super) const CHECKPOINTS: &str = r"
select c.name, c.position, c.token, c.updated_at, c.kind, c.declared::pg_catalog.text
from {checkpoints} c
where $1::pg_catalog.text is null or c.name {>} $1
order by c.name limit $2
";
