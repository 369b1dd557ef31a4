//! The newest pages of the log in memory, bounded in bytes.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    engine::pages::bytes,
    port::Stored,
    vocabulary::{EventId, GlobalPosition},
};

/// A page of settled events: all there are after `after`, up to `settled`.
#[derive(Debug)]
pub(crate) struct Page<P> {
    after: Option<GlobalPosition>,
    pub(crate) settled: GlobalPosition,
    /// Each by itself: who holds one of them holds no others.
    pub(crate) events: Vec<Arc<Stored<P>>>,
    bytes: usize,
}

impl<P> Page<P> {
    /// The event up to which the page goes.
    pub(crate) fn event_id(&self) -> Option<EventId> {
        self.events.last().filter(|last| last.position() == self.settled).and_then(|last| last.event_id())
    }
}

/// The newest pages, without a gap between them.
#[derive(Debug)]
pub(super) struct Ring<P> {
    pages: VecDeque<Arc<Page<P>>>,
    bytes: usize,
}

impl<P: AsRef<[u8]>> Ring<P> {
    /// What is older than this many bytes of events is read from the database again by those who need it.
    const CAPACITY: usize = 16 << 20;

    pub(super) fn new() -> Self {
        Self { pages: VecDeque::new(), bytes: 0 }
    }

    /// Adds the page that follows the last one; the oldest make room for it.
    pub(super) fn push(&mut self, after: Option<GlobalPosition>, settled: GlobalPosition, events: Vec<Stored<P>>) {
        let bytes = bytes(&events);
        if bytes > Self::CAPACITY {
            // Not even it alone has room.
            *self = Self::new();
            return;
        }
        while self.bytes + bytes > Self::CAPACITY {
            self.bytes -= self.pages.pop_front().map_or(0, |oldest| oldest.bytes);
        }
        self.bytes += bytes;
        let events = events.into_iter().map(Arc::new).collect();
        self.pages.push_back(Arc::new(Page { after, settled, events, bytes }));
    }

    /// The page with the events right after a position; `None` when they are too old, or not there yet.
    pub(super) fn page_after(&self, position: Option<GlobalPosition>) -> Option<Arc<Page<P>>> {
        let index = self.pages.partition_point(|page| Some(page.settled) <= position);
        self.pages.get(index).filter(|page| page.after <= position).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Ring, bytes as bytes_of};
    use crate::{
        port::Stored,
        vocabulary::{EventId, GlobalPosition, Metadata, Recorded, SchemaVersion, StreamVersion, Tag, Timestamp},
    };

    fn at(position: i64) -> Option<GlobalPosition> {
        GlobalPosition::new(position)
    }

    #[test]
    fn pages_are_found_by_the_position_before_them() {
        let mut ring: Ring<Vec<u8>> = Ring::new();
        let none = Vec::<Stored<Vec<u8>>>::new;
        for (after, settled) in [(at(3), 5), (at(5), 9), (at(9), 10)] {
            ring.push(after, GlobalPosition::new(settled).unwrap(), none());
        }
        let found = |position| ring.page_after(position).map(|page| page.settled.get());
        assert_eq!(found(None), None, "older than the ring");
        assert_eq!(found(at(2)), None, "older than the ring");
        assert_eq!(found(at(3)), Some(5));
        assert_eq!(found(at(4)), Some(5));
        assert_eq!(found(at(5)), Some(9));
        assert_eq!(found(at(9)), Some(10));
        assert_eq!(found(at(10)), None, "not there yet");
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let event = |position: i64, bytes: usize| Recorded {
            stream_id: "test/1".parse().unwrap(),
            version: StreamVersion::new(position).unwrap(),
            position: GlobalPosition::new(position).unwrap(),
            event_id: EventId::new(),
            recorded_at: Timestamp::from_micros(0),
            metadata: Metadata::new(),
            tag: Tag::new("test.happened").unwrap(),
            schema_version: SchemaVersion::FIRST,
            event: vec![0; bytes],
        };
        let mut ring = Ring::new();
        let capacity = Ring::<Vec<u8>>::CAPACITY;
        for (position, bytes) in (1..).zip([4 << 20; 8].into_iter().chain([1, capacity - 1_000, 1, capacity, 1])) {
            ring.push(
                at(position - 1),
                GlobalPosition::new(position).unwrap(),
                vec![Stored::Event(event(position, bytes))],
            );
            let held: usize = ring
                .pages
                .iter()
                .flat_map(|page| &page.events)
                .map(|event| bytes_of(std::slice::from_ref(&**event)))
                .sum();
            assert!(held == ring.bytes && held <= capacity, "{held} bytes after {position} pages");
            let is_held = ring.page_after(at(position - 1)).is_some();
            assert_eq!(is_held, bytes < capacity, "what is larger than the ring is read from the database");
        }
    }
}
