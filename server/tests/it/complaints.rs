//! Complaints: who hears them, and how many are kept.

use nestpost_protocol::codec;
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::epoch::Addressee;
use nestpost_protocol::id::CircleId;
use nestpost_protocol::label;
use nestpost_protocol::message::{ByeCode, ClientMessage, RelayMessage};

use crate::support::{Client, Device, Kita, TestRelay};

fn complaint(kita: &Kita, of: &Device, circle: CircleId) -> Complaint {
    let (house, device) = (kita.house.id(), of.id());
    let head = codec::encode(&ComplaintHead { house, circle, epoch: 1, device });
    Complaint { signature: of.sign(label::COMPLAINT, &head), head: head.into() }
}

/// Something that is answered, so that what came before was looked at.
async fn turn(client: &mut Client) -> Vec<Complaint> {
    client.send(&ClientMessage::Ticket).await;
    let mut heard = Vec::new();
    loop {
        match client.answer().await {
            RelayMessage::Ticket(_) => return heard,
            RelayMessage::Complaints(complaints) => heard.extend(complaints),
            other => panic!("unexpected {other:?}"),
        }
    }
}

#[tokio::test]
async fn whoever_may_wrap_hears_a_complaint_once_and_until_it_is_answered() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let said = complaint(&kita, &kita.parent, kita.child);
    let mut parent = Client::member(relay.address, &kita.house, &kita.parent).await;
    let mut stranger = Client::member(relay.address, &kita.house, &kita.stranger).await;
    for _ in 0..2 {
        parent.send(&ClientMessage::Complaint(said.clone())).await;
    }
    // Somebody else's, a circle that is not read: nobody hears of it, and nobody is told off.
    let foreign = complaint(&kita, &kita.stranger, kita.other_child);
    parent.send(&ClientMessage::Complaint(foreign)).await;
    parent.send(&ClientMessage::Complaint(complaint(&kita, &kita.parent, kita.other_child))).await;
    assert_eq!(turn(&mut parent).await, []);
    let RelayMessage::Complaints(heard) = kita.desk.answer().await else { panic!("nothing heard") };
    assert_eq!(heard, std::slice::from_ref(&said));
    assert_eq!(turn(&mut kita.desk).await, []);
    assert_eq!(turn(&mut stranger).await, []);
    // Who comes later hears it too.
    let mut educator = Client::member(relay.address, &kita.house, &kita.educator).await;
    assert_eq!(turn(&mut educator).await, [said]);

    let mut draft = kita.house.draft();
    let wrap = draft.wrap(&kita.director, kita.child, 1, Addressee::Device(kita.parent.id()));
    draft.frame.wraps.push(wrap);
    kita.desk.commit(&mut kita.house, draft).await;
    let mut educator = Client::member(relay.address, &kita.house, &kita.educator).await;
    assert_eq!(turn(&mut educator).await, []);

    let mut forged = complaint(&kita, &kita.parent, kita.child);
    forged.signature = kita.stranger.sign(label::COMPLAINT, &forged.head);
    parent.send(&ClientMessage::Complaint(forged)).await;
    assert_eq!(parent.bye().await, ByeCode::Malformed);
    relay.stop().await;
}
