//! Threads between one guardian and the team.

use nestpost_protocol::id::{CircleId, ItemId, PersonId};

use super::Family;
use crate::app::command::NoArgs;
use crate::app::fixture::{DAY, view};
use crate::app::item::profile::{self, Profile};
use crate::app::item::{self, Item, TEXT_CHARS_MAX};
use crate::app::view::{ItemState, Message, Thread, ThreadDetail, ThreadSide};
use crate::app::{AppError, Command, Query, about};
use crate::crypto::DeviceKeys;
use crate::document::Value;

impl Family {
    fn threads(&self, device: &DeviceKeys) -> Vec<Thread> {
        view!(self.world, device, Threads, Query::Threads(NoArgs {}))
    }

    fn thread(&self, device: &DeviceKeys, id: &str) -> ThreadDetail {
        *view!(self.world, device, Thread, Query::Thread { id: id.into() })
    }

    fn say(&mut self, device: &DeviceKeys, thread: &str, text: &str) {
        self.world.act(device, Command::SendMessage { thread: thread.into(), text: text.into(), set: None });
    }
}

fn texts(thread: &ThreadDetail) -> Vec<&str> {
    thread.messages.iter().map(|m| m.text.as_str()).collect()
}

#[test]
fn a_thread_has_one_guardian_and_the_team() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let thread = family.threads(&mother).remove(0);
    assert_eq!((thread.child_name.as_str(), thread.group_name.as_str()), ("Mila", "Igel"));
    assert_eq!(thread.guardian_name, "Maren Mother");
    family.say(&mother, &thread.id, "Guten Morgen");
    family.world.pass(1000);
    family.say(&educator, &thread.id, "Hallo");
    let read = family.thread(&mother, &thread.id);
    assert_eq!(texts(&read), ["Guten Morgen", "Hallo"]);
    let who: Vec<_> = read.messages.iter().map(|m| (m.side, m.mine, m.author.as_str())).collect();
    assert_eq!(
        who,
        [(ThreadSide::Guardian, true, "Maren Mother"), (ThreadSide::House, false, "Eva Educator")]
    );
    let query = Query::Thread { id: thread.id.clone() };
    assert_eq!(family.world.ask(&family.father, &query), Err(AppError::NotFound));
    assert_eq!(family.world.ask(&family.stranger, &query), Err(AppError::NotFound));
    let barge = Command::SendMessage { thread: thread.id, text: "X".into(), set: None };
    let father = family.father.clone();
    assert_eq!(family.world.attempt(&father, &barge), Err(AppError::NotFound));
}

#[test]
fn a_message_goes_from_here_to_the_relay_to_the_house() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let thread = family.threads(&mother).remove(0).id;
    family.world.set_offline(&mother, true);
    family.say(&mother, &thread, "Hallo");
    let message = |family: &Family| -> Message { family.thread(&family.mother, &thread).messages.remove(0) };
    assert_eq!(message(&family).state, ItemState::Local);
    assert!(family.thread(&educator, &thread).messages.is_empty());
    family.world.set_offline(&mother, false);
    assert_eq!(message(&family).state, ItemState::Relay);
    assert_eq!(family.threads(&educator)[0].unread, 1);
    family.world.pass(60_000);
    let at = family.world.now.millis();
    family.world.act(&educator, Command::MarkSeen { items: vec![message(&family).id] });
    assert_eq!((message(&family).state, message(&family).seen_at), (ItemState::House, Some(at)));
    assert_eq!(family.threads(&educator)[0].unread, 0);
    // One's own colleagues have their own eyes.
    let director = family.director.clone();
    let unread = |family: &Family| family.threads(&director).iter().map(|t| t.unread).sum::<u32>();
    assert_eq!(unread(&family), 1);
}

#[test]
fn marking_ones_own_message_says_nothing() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let thread = family.threads(&mother).remove(0).id;
    family.say(&mother, &thread, "Hallo");
    let id = family.thread(&mother, &thread).messages[0].id.clone();
    family.world.act(&mother, Command::MarkSeen { items: vec![id] });
    let message = family.thread(&mother, &thread).messages.remove(0);
    assert_eq!((message.state, message.seen_at), (ItemState::Relay, None));
}

#[test]
fn a_guardian_cannot_say_what_the_house_has_seen_or_what_people_are_called() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let thread = family.threads(&mother).remove(0).id;
    family.say(&mother, &thread, "Hallo");
    let circle: CircleId = thread.parse().expect("an id");
    let own: ItemId = family.thread(&mother, &thread).messages[0].id.parse().expect("an id");
    let mark = Item::Seen(item::Seen { items: vec![own], at: 1 }).value();
    family.world.forge(&mother, circle, ItemId::new([1; 16]), mark);
    assert_eq!(family.thread(&mother, &thread).messages[0].state, ItemState::Relay);

    let me: PersonId = about(&family.world.house(&mother)).person.parse().expect("an id");
    let name = Profile::Guardian { name: "Frau Direktorin".into() }.value();
    family.world.forge(&mother, circle, profile::person_id(&me), name);
    assert_eq!(family.thread(&family.educator, &thread).thread.guardian_name, "Maren Mother");
}

#[test]
fn messages_stand_in_one_order_everywhere() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let thread = family.threads(&mother).remove(0).id;
    let circle: CircleId = thread.parse().expect("an id");
    let message = |text: &str, at| Item::Message(item::Message { text: text.into(), at, set: None }).value();
    for (id, text, at) in [(9, "third", 5), (3, "second", 5), (8, "first", 4), (1, "last", 6)] {
        family.world.forge(&mother, circle, ItemId::new([id; 16]), message(text, at));
    }
    for device in [&family.mother, &family.educator, &family.director] {
        assert_eq!(texts(&family.thread(device, &thread)), ["first", "second", "third", "last"]);
    }
    assert_eq!(family.threads(&mother)[0].last.as_ref().map(|m| m.text.as_str()), Some("last"));
}

#[test]
fn what_is_no_message_does_not_disturb_a_thread() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let thread = family.threads(&mother).remove(0).id;
    let circle: CircleId = thread.parse().expect("an id");
    for (n, bytes) in
        [&[][..], &[0xFF; 40], &[0xA2, 0, 0x17, 1, 0xA0], &[0xA2, 0, 2, 1, 0x80]].iter().enumerate()
    {
        let id = ItemId::new([u8::try_from(n).expect("few"); 16]);
        family.world.forge(&mother, circle, id, Value::Bytes(bytes.to_vec()));
    }
    assert!(family.thread(&family.educator, &thread).messages.is_empty());
}

#[test]
fn threads_with_news_come_first() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    let (mothers, fathers) = (family.threads(&mother).remove(0).id, family.threads(&father).remove(0).id);
    let order =
        |family: &Family| family.threads(&family.educator).into_iter().map(|t| t.id).collect::<Vec<_>>();
    assert_eq!(order(&family), [fathers.clone(), mothers.clone()], "by name");
    family.say(&mother, &mothers, "Hallo");
    assert_eq!(order(&family), [mothers.clone(), fathers.clone()]);
    family.world.pass(1);
    family.say(&educator, &fathers, "Hallo");
    assert_eq!(order(&family), [fathers, mothers]);
}

#[test]
fn replies_of_the_house_outlive_what_a_guardian_sent() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let thread = family.threads(&mother).remove(0).id;
    family.say(&mother, &thread, "Frage");
    family.world.pass(1);
    family.say(&educator, &thread, "Antwort");
    family.world.pass(75 * DAY);
    family.world.expire();
    let read = family.thread(&mother, &thread);
    assert_eq!(texts(&read), ["Antwort"]);
    assert_eq!(read.thread.unread, 0, "old replies do not turn up as new");
}

#[test]
fn texts_of_messages_have_limits() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let thread = family.threads(&mother).remove(0).id;
    let send = |text: String| Command::SendMessage { thread: thread.clone(), text, set: None };
    assert_eq!(family.world.attempt(&mother, &send("  \n".into())), Err(AppError::Empty));
    assert_eq!(family.world.attempt(&mother, &send("ä".repeat(TEXT_CHARS_MAX + 1))), Err(AppError::TooLong));
    family.world.act(&mother, send("ä".repeat(TEXT_CHARS_MAX)));
    assert_eq!(family.thread(&mother, &thread).messages.len(), 1);
}

#[test]
fn only_a_director_s_word_on_the_staff_s_side_restricts_until_the_latest_of_theirs() {
    let mut family = Family::new();
    let (mother, educator, director) =
        (family.mother.clone(), family.educator.clone(), family.director.clone());
    let thread = family.threads(&mother).remove(0).id;
    family.say(&mother, &thread, "Hallo");
    let circle: CircleId = thread.parse().expect("an id");
    let item: ItemId = family.thread(&mother, &thread).messages[0].id.parse().expect("an id");
    let word = |on, at| Item::Restriction(item::Restriction { item, on, at }).value();
    let restricted = |family: &Family| {
        let erasures = view!(family.world, &director, Erasures, Query::Erasures(NoArgs {}));
        let hidden = family.thread(&educator, &thread).messages.is_empty();
        assert_eq!(erasures.restricted.len(), usize::from(hidden));
        hidden
    };
    // Whoever writes it, when, and whether the message is restricted from then on.
    let words = [
        (&mother, true, 9, false),
        (&educator, true, 9, false),
        (&director, true, 5, true),
        (&educator, false, 9, true),
        (&mother, false, 9, true),
        (&director, false, 4, true),
        (&director, false, 6, false),
    ];
    for (n, (by, on, at, hides)) in (1_u8..).zip(words) {
        family.world.forge(by, circle, ItemId::new([n; 16]), word(on, at));
        assert_eq!(restricted(&family), hides, "{n}");
    }
}
