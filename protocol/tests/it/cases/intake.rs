//! The intake: epochs that outsiders can follow, and what outsiders write.

use nestpost_protocol::admit::Admitted;
use nestpost_protocol::codec::encode;
use nestpost_protocol::epoch::{EpochBody, IntakeKeys};
use nestpost_protocol::id::*;
use nestpost_protocol::intake::{self, IntakeStep};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::dissolve::Dissolve;
use nestpost_protocol::message::{ClientMessage, Inquiry, IntakeHello, IntakeInfo, RelayMessage, Versions};
use nestpost_protocol::record::{Header, Kind, LogHead, Position, Record, Sealing, Side};
use nestpost_protocol::retention::{Class, Month, expiry};
use nestpost_protocol::{label, limit};

use super::frames::{Book, role_end};
use super::{Case, Given, Input};
use crate::house::*;

/// The key of an intake's epoch, which signs the next.
pub fn epoch_key(number: u32) -> Key {
    Key::new(700 + u64::from(number))
}

fn public(number: u32) -> Hash {
    Hash::new(epoch_key(number).bytes())
}

fn next(house: &House, circle: CircleId) -> u32 {
    house.epochs.current(&circle).map_or(1, |epoch| epoch.number + 1)
}

/// The keys of the epoch with this body, signed by `signer`.
pub fn keys_by(house: &House, circle: CircleId, body: &EpochBody, signer: Option<&Key>) -> IntakeKeys {
    let mut keys = IntakeKeys { key: public(body.number), by: None };
    let step = IntakeStep { number: body.number, recipient: body.recipient, keys };
    keys.by = signer.map(|key| key.sign(label::INTAKE_STEP, &step.signing_input(&house.id(), &circle)));
    keys
}

impl Desk {
    /// An epoch of an intake, changed before it is signed.
    pub fn intake_epoch(
        &mut self,
        author: &Key,
        circle: CircleId,
        keys: impl FnOnce(&House, &EpochBody) -> Option<IntakeKeys>,
    ) -> &mut Self {
        let plan = self.house.epochs.plan(&self.house.log, &circle).expect("a plan");
        let house = self.house.clone();
        self.epoch_for(author, circle, plan.keys, plan.devices, |body| body.intake = keys(&house, body))
    }

    /// What an outsider writes, changed before it is signed.
    pub fn inquiry(
        &mut self,
        outsider: &Key,
        circle: CircleId,
        change: impl FnOnce(&mut Header),
    ) -> &mut Self {
        let record = inquiry(&self.house, outsider, circle, b"sealed to the recipient".to_vec(), change);
        self.place(record);
        self
    }
}

pub fn inquiry(
    house: &House,
    outsider: &Key,
    circle: CircleId,
    body: Vec<u8>,
    change: impl FnOnce(&mut Header),
) -> Record {
    house.desk().record(outsider, circle, Side::Staff, body, |header| {
        header.kind = Kind::Inquiry;
        header.sealing = Sealing::Recipient;
        header.log = LogHead::founding(&header.house);
        header.seen = Position::START;
        change(header);
    })
}

/// The intake of the small house, opened.
pub fn open(house: &mut House, kita: &Kita) -> CircleId {
    let circle = circle_id(40);
    let mut desk = house.desk();
    desk.say(&kita.anna, &Body::Circle(crate::house::circle(circle, Sort::Intake)));
    desk.intake_epoch(&kita.anna, circle, |house, body| Some(keys_by(house, circle, body, None)));
    house.submit(desk.done()).expect("what is given holds");
    circle
}

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    epochs(kita, cases);
    inquiries(kita, cases);
    records(kita, cases);
    messages(kita, cases);
}

fn epochs(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book { kita, house: kita.house.clone(), cases };
    let new = circle_id(40);
    let begun = |author: &Key, signed: bool| {
        let mut desk = kita.house.desk();
        desk.say(&kita.anna, &Body::Circle(circle(new, Sort::Intake)));
        let first = desk.done();
        let mut desk2 = kita.house.desk();
        desk2.house = desk.house.clone();
        desk2.frame = first;
        desk2.intake_epoch(author, new, |house, body| {
            Some(keys_by(house, new, body, signed.then(|| epoch_key(0)).as_ref()))
        });
        desk2.done()
    };
    book.frame("intake-opened", begun(&kita.anna, false), "ok");
    book.frame("intake-opened-by-educator", begun(&kita.ben, false), "NotAllowed");
    book.frame("intake-opened-by-guardian", begun(&kita.cem, false), "NotAllowed");
    book.frame("intake-first-epoch-signed-by-nobodys-key", begun(&kita.anna, true), "Malformed");
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &Body::Circle(circle(new, Sort::Intake)));
    desk.intake_epoch(&kita.ben, new, |_, _| None);
    book.frame("intake-closed-from-the-start", desk.done(), "ok");

    let intake = open(&mut book.house, kita);
    let case = |book: &mut Book<'_>, name: &str, author: &Key, signer: Option<&Key>, expect: &str| {
        let mut desk = book.house.desk();
        desk.intake_epoch(author, intake, |house, body| Some(keys_by(house, intake, body, signer)));
        book.frame(&format!("intake-{name}"), desk.done(), expect);
    };
    let one = epoch_key(1);
    case(&mut book, "renewed", &kita.ben, Some(&one), "ok");
    case(&mut book, "renewed-by-tablet", &kita.tablet, Some(&one), "ok");
    case(&mut book, "renewed-by-guardian", &kita.cem, Some(&one), "NotAllowed");
    case(&mut book, "renewed-under-another-key", &kita.ben, Some(&epoch_key(9)), "Malformed");
    case(&mut book, "links-ended", &kita.anna, None, "ok");
    case(&mut book, "links-ended-by-educator", &kita.ben, None, "NotAllowed");
    let mut desk = book.house.desk();
    desk.intake_epoch(&kita.ben, intake, |house, body| {
        let other = EpochBody { recipient: Recipient::new([9; 32]), ..body.clone() };
        Some(keys_by(house, intake, &other, Some(&one)))
    });
    book.frame("intake-recipient-exchanged", desk.done(), "Malformed");
    let mut desk = book.house.desk();
    desk.intake_epoch(&kita.ben, intake, |house, body| {
        let other = EpochBody { number: body.number + 1, ..body.clone() };
        let keys = keys_by(house, intake, &other, Some(&one));
        Some(IntakeKeys { key: public(body.number), ..keys })
    });
    book.frame("intake-number-exchanged", desk.done(), "Malformed");
    for (name, author, expect) in
        [("closed", &kita.anna, "ok"), ("closed-by-educator", &kita.ben, "NotAllowed")]
    {
        let mut desk = book.house.desk();
        desk.intake_epoch(author, intake, |_, _| None);
        book.frame(&format!("intake-{name}"), desk.done(), expect);
    }
    let mut desk = kita.house.desk();
    desk.epoch_for(
        &kita.ben,
        kita.child,
        desk.house.epochs.plan(&desk.house.log, &kita.child).unwrap().keys,
        desk.house.epochs.plan(&desk.house.log, &kita.child).unwrap().devices,
        |body| body.intake = Some(IntakeKeys { key: public(1), by: None }),
    );
    book.again().frame("intake-keys-of-a-child", desk.done(), "Malformed");
}

fn inquiries(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book { kita, house: kita.house.clone(), cases };
    let stranger = Key::new(60);
    let intake = open(&mut book.house, kita);
    let case = |book: &mut Book<'_>, name: &str, author: &Key, expect: &str, change: &dyn Fn(&mut Header)| {
        let mut desk = book.house.desk();
        desk.inquiry(author, intake, change);
        book.frame(&format!("inquiry{name}"), desk.done(), expect);
    };
    case(&mut book, "", &stranger, "ok", &|_| {});
    case(&mut book, "-by-guardian", &kita.cem, "NotAllowed", &|_| {});
    case(&mut book, "-by-educator", &kita.ben, "NotAllowed", &|_| {});
    case(&mut book, "-in-a-child", &stranger, "NotAllowed", &|h| h.circle = kita.child);
    case(&mut book, "-in-a-private", &stranger, "NotAllowed", &|h| h.circle = kita.private_cem);
    case(&mut book, "-in-an-unknown-circle", &stranger, "NotAllowed", &|h| h.circle = circle_id(99));
    case(&mut book, "-epoch-too-new", &stranger, "Epoch", &|h| h.epoch = 2);
    case(&mut book, "-month-over", &stranger, "Expired", &|h| h.month = Month::new(2026, 8));
    case(&mut book, "-month-too-far", &stranger, "Expired", &|h| {
        h.month = Month::from_index(expiry(Class::Short, MONTH).index() + 1);
    });
    // Staff read there and do not write.
    for (name, author) in [("director", &kita.anna), ("educator", &kita.ben), ("guardian", &kita.cem)] {
        book.batch(&format!("batch-{name}-in-intake"), author, intake, "NotAllowed", |_| {});
    }
    book.batch("batch-stranger-in-intake", &stranger, intake, "NotAllowed", |_| {});
    let mut desk = book.house.desk();
    desk.hold(&kita.ben, intake, &[1], |_| {});
    book.frame("hold-in-intake", desk.done(), "NotAllowed");

    let mut renewed = Book { kita, house: book.house.clone(), cases: book.cases };
    renewed.submit(|desk| {
        desk.intake_epoch(&kita.ben, intake, |house, body| {
            Some(keys_by(house, intake, body, Some(&epoch_key(1))))
        });
    });
    case(&mut renewed, "-epoch-of-before", &stranger, "Epoch", &|h| h.epoch = 1);
    let mut over = Book { kita, house: renewed.house.clone(), cases: renewed.cases };
    over.submit(|desk| {
        desk.intake_epoch(&kita.anna, intake, |_, _| None);
    });
    case(&mut over, "-where-it-is-closed", &stranger, "NotAllowed", &|_| {});

    let cases = over.cases;
    let mut left = Book { kita, house: kita.house.clone(), cases };
    open(&mut left.house, kita);
    left.submit(|desk| {
        desk.say(&kita.anna, &role_end(3));
        desk.epoch(&kita.anna, kita.team);
    });
    case(&mut left, "-stale", &stranger, "Stale", &|_| {});

    let mut ended = Book { kita, house: kita.house.clone(), cases: left.cases };
    open(&mut ended.house, kita);
    ended.submit(|desk| {
        desk.say_with(&kita.anna, &Body::Dissolve(Dissolve {}), &[&kita.sheet]);
    });
    case(&mut ended, "-dissolved", &stranger, "NotAllowed", &|_| {});
}

fn records(kita: &Kita, cases: &mut Vec<Case>) {
    let (mut house, stranger) = (kita.house.clone(), Key::new(60));
    let intake = open(&mut house, kita);
    let mut push = |name: &str, record: Record, expect: &str| {
        cases.push(Case {
            name: format!("record-inquiry{name}"),
            given: Given::Nothing,
            input: Input::Record(record),
            expect: expect.to_owned(),
        });
    };
    let with = |change: &dyn Fn(&mut Header)| {
        inquiry(&house, &stranger, intake, b"sealed".to_vec(), |header| change(header))
    };
    push("", with(&|_| {}), "ok");
    push("-under-the-content-secret", with(&|h| h.sealing = Sealing::Content), "Inconsistent");
    push("-in-clear", with(&|h| h.sealing = Sealing::Clear), "Inconsistent");
    push("-with-document", with(&|h| h.document = Some(document(1))), "Inconsistent");
    push("-of-a-guardian", with(&|h| h.side = Side::Person(person(4))), "Inconsistent");
    push("-kept-for-a-year", with(&|h| h.class = Class::Year), "Inconsistent");
    push("-of-one-who-knows-the-log", with(&|h| h.log.seq = 1), "Inconsistent");
    push("-naming-another-house", with(&|h| h.log.hash = LinkHash::new([1; 32])), "Inconsistent");
    push("-of-one-who-has-seen", with(&|h| h.seen.n = 1), "Inconsistent");
    let second = |h: &mut Header| {
        h.seq = 2;
        h.prev = Some(RecordId::new([1; 32]));
    };
    push("-second", with(&second), "Inconsistent");
    let long = |len: usize| inquiry(&house, &stranger, intake, vec![7; len], |_| {});
    push("-at-limit", long(limit::INQUIRY_BYTES_MAX), "ok");
    push("-over-limit", long(limit::INQUIRY_BYTES_MAX + 1), "Decode(TooLarge)");
}

/// What travels between an outsider and a relay, one of each.
pub fn spoken(kita: &Kita) -> (Vec<ClientMessage>, RelayMessage) {
    let (mut house, stranger) = (kita.house.clone(), Key::new(60));
    let circle = open(&mut house, kita);
    let mark = intake::mark(&house.log, &house.epochs).unwrap();
    let (_, steps) = intake::steps(&house.log, &house.epochs, &mark).unwrap();
    let origin = "https://kita.example".to_owned();
    let record = inquiry(&house, &stranger, circle, b"sealed".to_vec(), |_| {});
    let asked = vec![
        ClientMessage::IntakeHello(IntakeHello { versions: Versions::OURS, origin, house: house.id(), mark }),
        ClientMessage::Inquiry(Inquiry { id: 1, record, work: 4711 }),
    ];
    let info = IntakeInfo { version: 1, circle, steps, month: expiry(Class::Short, MONTH), bits: 18 };
    (asked, RelayMessage::IntakeInfo(info))
}

fn messages(kita: &Kita, cases: &mut Vec<Case>) {
    let (asked, info) = spoken(kita);
    let mut push = |name: &str, of: &'static str, bytes: Vec<u8>, expect: &str| {
        cases.push(Case {
            name: format!("bytes-{name}"),
            given: Given::Nothing,
            input: Input::Bytes(of, bytes),
            expect: expect.to_owned(),
        });
    };
    let [hello, inquiry] = [encode(&asked[0]), encode(&asked[1])];
    push("intake-hello", "client-message", hello.clone(), "ok");
    push("intake-hello-cut", "client-message", hello[..hello.len() - 1].to_vec(), "Malformed");
    push("inquiry", "client-message", inquiry, "ok");
    push("intake-info", "relay-message", encode(&info), "ok");
    push("intake-info-to-the-relay", "client-message", encode(&info), "Malformed");
}

// ---- following ----

fn renewed(times: usize) -> (House, CircleId, Hash) {
    let kita = Kita::new();
    let mut house = kita.house.clone();
    let circle = open(&mut house, &kita);
    let mark = intake::mark(&house.log, &house.epochs).unwrap();
    for _ in 0..times {
        renew(&mut house, &kita.ben, circle, true).unwrap();
    }
    (house, circle, mark)
}

fn renew(
    house: &mut House,
    author: &Key,
    circle: CircleId,
    signed: bool,
) -> Result<Admitted, nestpost_protocol::admit::Refusal> {
    let before = epoch_key(next(house, circle) - 1);
    let mut desk = house.desk();
    desk.intake_epoch(author, circle, |house, body| {
        Some(keys_by(house, circle, body, signed.then_some(&before)))
    });
    house.submit(desk.done())
}

#[test]
fn a_link_leads_to_the_present_keys_and_to_no_others() {
    let (house, circle, mark) = renewed(3);
    let id = house.id();
    let (shown, steps) = intake::steps(&house.log, &house.epochs, &mark).unwrap();
    assert_eq!((shown, steps.len()), (circle, 4));
    let present = intake::follow(&id, &circle, &mark, &steps).unwrap();
    assert_eq!(present.recipient, house.epochs.current(&circle).unwrap().body.recipient);

    // A relay puts its own recipient in, anywhere.
    for place in 0..steps.len() {
        let mut forged = steps.clone();
        forged[place].recipient = Recipient::new([9; 32]);
        assert_eq!(intake::follow(&id, &circle, &mark, &forged), None, "{place}");
        let mut forged = steps.clone();
        forged[place].keys.key = public(99);
        assert_eq!(intake::follow(&id, &circle, &mark, &forged), None, "{place}");
        let mut shorter = steps.clone();
        shorter.remove(place);
        let ends = place == steps.len() - 1;
        assert_eq!(intake::follow(&id, &circle, &mark, &shorter).is_some(), ends, "{place}");
    }
    let mut more = steps.clone();
    let key = IntakeKeys { key: public(9), by: None };
    more.push(IntakeStep { number: 5, recipient: Recipient::new([9; 32]), keys: key });
    assert_eq!(intake::follow(&id, &circle, &mark, &more), None);
    assert_eq!(intake::follow(&id, &circle_id(1), &mark, &steps), None);
    assert_eq!(intake::follow(&HouseId::new([1; 32]), &circle, &mark, &steps), None);
    assert_eq!(intake::follow(&id, &circle, &mark, &[]), None);
}

#[test]
fn a_link_of_before_ends_when_a_director_says_so_or_closes() {
    let kita = Kita::new();
    let (mut house, circle, old) = renewed(1);
    assert!(intake::steps(&house.log, &house.epochs, &Hash::new([1; 32])).is_none());
    renew(&mut house, &kita.anna, circle, false).unwrap();
    assert!(intake::steps(&house.log, &house.epochs, &old).is_none());
    let new = intake::mark(&house.log, &house.epochs).unwrap();
    assert!(intake::steps(&house.log, &house.epochs, &new).is_some());
    let mut desk = house.desk();
    desk.intake_epoch(&kita.anna, circle, |_, _| None);
    house.submit(desk.done()).unwrap();
    assert!(intake::steps(&house.log, &house.epochs, &new).is_none());
    assert_eq!(intake::mark(&house.log, &house.epochs), None);
}

#[test]
fn a_link_outlives_so_many_epochs_and_no_more() {
    let (mut house, circle, mark) = renewed(limit::INTAKE_STEPS_MAX - 1);
    let (_, steps) = intake::steps(&house.log, &house.epochs, &mark).unwrap();
    assert_eq!(steps.len(), limit::INTAKE_STEPS_MAX);
    assert!(intake::follow(&house.id(), &circle, &mark, &steps).is_some());
    renew(&mut house, &Kita::new().ben, circle, true).unwrap();
    assert!(intake::steps(&house.log, &house.epochs, &mark).is_none());
    // A relay that shows more is not followed.
    let newer = house.epochs.current(&circle).unwrap();
    let keys = newer.body.intake.unwrap();
    let longer =
        [&steps[..], &[IntakeStep { number: newer.number, recipient: newer.body.recipient, keys }]].concat();
    assert!(intake::follow(&house.id(), &circle, &mark, &longer).is_none());
}

#[test]
fn work_is_for_one_record_and_one_nonce() {
    let (nonce, record) = (Nonce::new([1; 32]), RecordId::new([2; 32]));
    let answer = intake::work(&nonce, &record, 12).unwrap();
    assert!(intake::is_worked(&nonce, &record, answer, 12));
    assert!((0..answer).all(|less| !intake::is_worked(&nonce, &record, less, 12)));
    assert!(!intake::is_worked(&Nonce::new([3; 32]), &record, answer, 12));
    assert!(!intake::is_worked(&nonce, &RecordId::new([3; 32]), answer, 12));
    assert!(intake::is_worked(&nonce, &record, 0, 0));
    assert_eq!(intake::work(&nonce, &record, limit::INTAKE_WORK_BITS_MAX + 1), None);
}
