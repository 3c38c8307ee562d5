//! A house that moves to another relay and gets another address there.

use nestpost_core::app::command::StaffRole;
use nestpost_core::engine::Summary;
use nestpost_server::{Config, moving};

use super::*;

/// Online, where the house is now.
async fn at(device: &Device) {
    let here = |house: &Summary| house.link == "online" && house.waiting == 0 && house.address.is_none();
    device.until(here).await.unwrap();
}

#[tokio::test]
async fn devices_follow_a_house_to_another_address_with_everything_it_has() {
    let kita = Kita::open().await;
    let picture = kita.one_picture_seen().await;
    let Kita {
        folder,
        address,
        stop,
        relay,
        director_line,
        guardian_line,
        director,
        guardian,
        group,
        sheet,
        ..
    } = kita;
    stop.send(()).unwrap();
    relay.await.unwrap();
    let [here, there, file] = ["relay", "new", "house"].map(|name| folder.path().join(name));
    let name = director.summary().fingerprint;
    moving::export(&Config::new(here), &name, &file).await.unwrap();
    moving::import(&Config::new(there.clone()), &file).await.unwrap();

    // The old address leads to the new relay, which has another one besides.
    let (address, stop, relay) = relay_at(address, &there).await;
    let new_line = Proxy::start(address).await;
    for device in [&director, &guardian] {
        device.until(|house| house.alarms.iter().any(|alarm| alarm.code == "relay_moved")).await.unwrap();
    }
    let origin = Some(new_line.origin());
    let command = Command::ConfirmMove { origin: origin.clone(), sheet: Some(sheet) };
    director.command(command).await.unwrap();
    // Whoever hears of it goes there.
    for device in [&director, &guardian] {
        at(device).await;
    }
    let person = id(
        &director,
        Command::CreateStaff {
            name: "Erik".into(),
            role: StaffRole::Educator,
            groups: vec![group.clone()],
            until: None,
        },
    )
    .await;
    settled(&director).await;
    let letter = director.command(Command::CreateInvite { person, valid_days: 30 }).await.unwrap();
    let Reply::Letter(letter) = letter else { panic!("no letter") };
    assert!(letter.link.starts_with(&new_line.origin()), "letters name the new one");

    // The old one is no more.
    director_line.shut();
    guardian_line.shut();
    assert!(new_line.asked("GET").is_empty());
    guardian.picture(&picture, Size::Full).await.unwrap();
    assert!(!new_line.asked("GET").is_empty(), "what the old relay kept is here");
    director.add_media(MediaTarget::Group(group), &Device::new_set(), vec![super::picture(2)]).await.unwrap();
    until_pictures(&guardian, 2).await;

    // Started with the address of before, it finds the house.
    guardian.close().await;
    let guardian = Device::open(options(folder.path(), "guardian", &guardian_line)).unwrap();
    at(&guardian).await;
    guardian.close().await;
    director.close().await;
    stop.send(()).unwrap();
    relay.await.unwrap();
}
