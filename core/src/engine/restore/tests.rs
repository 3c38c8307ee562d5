use nestpost_protocol::codec::sha256;
use nestpost_protocol::message::RelayMessage;

use super::*;

const LEN: u64 = 100_000;

fn accumulator(n: u64, other: bool) -> Accumulator {
    Accumulator::new(sha256(&[&n.to_be_bytes(), &[u8::from(other)]]))
}

#[test]
fn what_the_relay_says_nothing_of_any_more_is_not_asked_after_again() {
    let circle = CircleId::new([7; 16]);
    let theirs = |n| Some(accumulator(n, false));
    let mut search = Search::new(circle);
    let end = Position { n: LEN, acc: accumulator(LEN, true) };
    search.learn(LEN, &theirs, &Stands { circle, end, at: Vec::new() });
    assert!(search.is_open());
    for _ in 0..3 {
        search.learn(LEN, &theirs, &Stands { circle, end: Position::START, at: Vec::new() });
    }
    assert!(!search.is_open() && search.same == 0, "nothing is the same");
}

/// Questions, and bytes both ways, until it is known that two chains are the same before number `parts`.
fn find(parts: u64, end: u64) -> (u32, usize) {
    let circle = CircleId::new([7; 16]);
    let theirs = |n| accumulator(n, n >= parts);
    let mut search = Search::new(circle);
    let (mut rounds, mut bytes) = (0, 0);
    while search.is_open() {
        let asked = Asked { circle, at: search.at.clone() };
        let position = Position { n: end, acc: theirs(end) };
        let at = asked.at.iter().map(|n| theirs(*n)).collect();
        let stands = Stands { circle, end: position, at };
        bytes += codec::encode(&ClientMessage::Compare(vec![asked])).len();
        bytes += codec::encode(&RelayMessage::Compared(vec![stands.clone()])).len();
        search.learn(LEN, &|n| (n <= LEN).then(|| accumulator(n, false)), &stands);
        rounds += 1;
    }
    assert_eq!(search.same, (parts - 1).min(end), "{parts} of {end}");
    (rounds, bytes)
}

#[test]
fn what_came_after_a_number_is_counted_by_day() {
    let mut days = Days::default();
    for (n, day) in [(1, 0), (2, 0), (3, 7), (4, 7), (5, 9), (6, 7)] {
        days.note(n, day);
    }
    let of = |from, to| {
        let mut counts = vec![(8, 1)];
        days.count(from, to, &mut counts);
        counts
    };
    assert_eq!(of(6, 6), [(8, 1)]);
    assert_eq!(of(0, 6), [(0, 2), (7, 3), (8, 1), (9, 1)]);
    assert_eq!(of(3, 5), [(7, 1), (8, 1), (9, 1)]);
    assert_eq!([1, 2, 3, 4, 5, 6].map(|n| days.of(n)), [0, 0, 7, 7, 9, 7]);
}

#[test]
fn one_missing_of_100_000_is_found_with_four_questions_and_8_kb() {
    for parts in [1, 2, 48, 49, 2_083, 2_084, 49_999, 77_777, LEN - 1, LEN] {
        // One record is missing there: every number after it has another accumulator.
        let (rounds, bytes) = find(parts, LEN - 1);
        assert!(rounds <= 4 && bytes <= 8 << 10, "{parts}: {rounds} questions, {bytes} bytes");
    }
    for (parts, end) in [(LEN + 1, LEN), (LEN + 1, LEN - 10), (LEN + 1, 0)] {
        assert_eq!(find(parts, end).0, 1, "the end alone says so");
    }
    assert!(find(60_000, LEN + 500).0 <= 4, "theirs may be longer");
}
