//! Rows that bring every two choices of different places together at least once, without trying every combination.

/// Chooses one of `counts[i]` for each place `i`, in as few rows as a greedy search finds.
///
/// Of the first `depth` choices of each place every pair comes together; each further choice comes at least once. There
/// are no rows when some place has no choice.
pub(super) fn rows(counts: &[usize], depth: usize) -> Vec<Vec<usize>> {
    if counts.contains(&0) {
        return Vec::new();
    }
    let paired: Vec<usize> = counts.iter().map(|count| (*count).min(depth.max(1))).collect();
    let mut rows = Uncovered::new(&paired).rows();
    let most = counts.iter().copied().max().unwrap_or(0);
    for choice in depth.max(1)..most {
        // Choices beyond the paired ones, beside ordinary ones that change from row to row.
        let row = counts.iter().map(|count| if choice < *count { choice } else { choice % count });
        rows.push(row.collect());
    }
    rows
}

/// The pairs of choices that have not come together yet.
struct Uncovered<'a> {
    counts: &'a [usize],
    /// Where the choices of a place begin in a line of all choices.
    starts: Vec<usize>,
    width: usize,
    /// Whether two choices, as numbers in that line, still have to come together.
    wanted: Vec<bool>,
    left: usize,
}

impl<'a> Uncovered<'a> {
    fn new(counts: &'a [usize]) -> Self {
        let mut starts = Vec::with_capacity(counts.len());
        let mut width = 0;
        for count in counts {
            starts.push(width);
            width += count;
        }
        let mut uncovered = Self { counts, starts, width, wanted: vec![false; width * width], left: 0 };
        for (place, count) in counts.iter().enumerate() {
            for (other, others) in counts.iter().enumerate().skip(place + 1) {
                for (a, b) in (0..*count).flat_map(|a| (0..*others).map(move |b| (a, b))) {
                    uncovered.mark(place, a, other, b, true);
                    uncovered.left += 1;
                }
            }
        }
        uncovered
    }

    fn rows(mut self) -> Vec<Vec<usize>> {
        // One place has no pairs, and no place one row.
        if let [count] = self.counts {
            return (0..*count).map(|choice| vec![choice]).collect();
        }
        let mut rows = Vec::new();
        while self.left > 0 || rows.is_empty() {
            let row = self.row(rows.len());
            self.cover(&row);
            rows.push(row);
        }
        rows
    }

    /// A row that holds one pair that is still wanted, and then what covers most.
    fn row(&self, number: usize) -> Vec<usize> {
        let mut row: Vec<Option<usize>> = vec![None; self.counts.len()];
        if let Some((place, a, other, b)) = self.first() {
            row[place] = Some(a);
            row[other] = Some(b);
        }
        for place in 0..row.len() {
            if row[place].is_none() {
                row[place] = Some(self.best(&row, place, number));
            }
        }
        row.into_iter().map(|choice| choice.unwrap_or(0)).collect()
    }

    /// The choice that covers most beside those that are made; among equals another one in each row.
    fn best(&self, row: &[Option<usize>], place: usize, number: usize) -> usize {
        let gain = |choice: usize| {
            let made = row.iter().enumerate().filter_map(|(other, made)| made.map(|made| (other, made)));
            made.filter(|(other, made)| self.is_wanted(place, choice, *other, *made)).count()
        };
        let count = self.counts[place];
        let turned = (0..count).map(|choice| (choice + number) % count);
        turned.rev().max_by_key(|choice| gain(*choice)).unwrap_or(0)
    }

    fn first(&self) -> Option<(usize, usize, usize, usize)> {
        let index = self.wanted.iter().position(|wanted| *wanted)?;
        let ((place, a), (other, b)) = (self.choice(index / self.width), self.choice(index % self.width));
        Some((place, a, other, b))
    }

    fn choice(&self, number: usize) -> (usize, usize) {
        let place = self.starts.partition_point(|start| *start <= number).saturating_sub(1);
        (place, number - self.starts[place])
    }

    fn cover(&mut self, row: &[usize]) {
        for place in 0..row.len() {
            for other in place + 1..row.len() {
                if self.is_wanted(place, row[place], other, row[other]) {
                    self.mark(place, row[place], other, row[other], false);
                    self.left -= 1;
                }
            }
        }
    }

    fn is_wanted(&self, place: usize, a: usize, other: usize, b: usize) -> bool {
        self.wanted[self.index(place, a, other, b)]
    }

    fn mark(&mut self, place: usize, a: usize, other: usize, b: usize, wanted: bool) {
        let index = self.index(place, a, other, b);
        self.wanted[index] = wanted;
    }

    /// Each pair once, the earlier place first.
    fn index(&self, place: usize, a: usize, other: usize, b: usize) -> usize {
        let (one, two) = (self.starts[place] + a, self.starts[other] + b);
        one.min(two) * self.width + one.max(two)
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn every_pair_comes_together_in_far_fewer_rows_than_there_are_combinations() {
        let counts = [6, 2, 9, 4, 6, 1, 3];
        let rows = rows(&counts, 6);
        for (i, a) in counts.iter().enumerate() {
            for (j, b) in counts.iter().enumerate().skip(i + 1) {
                for (x, y) in (0..*a.min(&6)).flat_map(|x| (0..*b.min(&6)).map(move |y| (x, y))) {
                    assert!(rows.iter().any(|row| row[i] == x && row[j] == y), "places {i} and {j}: {x} and {y}");
                }
            }
            assert!((0..*a).all(|x| rows.iter().any(|row| row[i] == x)), "place {i}");
        }
        assert!(rows.len() < 60, "{} rows", rows.len());
    }

    #[test]
    fn no_place_has_one_row_and_a_place_without_a_choice_none() {
        assert_eq!(rows(&[], 6), [Vec::<usize>::new()]);
        assert_eq!(rows(&[3], 2), [[0], [1], [2]]);
        assert!(rows(&[2, 0], 6).is_empty());
    }
}
