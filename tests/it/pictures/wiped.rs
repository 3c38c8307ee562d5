//! A device that has emptied itself.

use super::*;

#[tokio::test]
async fn a_device_that_has_emptied_itself_asks_nobody_any_more() {
    let kita = Kita::open().await;
    let Kita { folder, director, guardian, guardian_line, .. } = kita;
    let person = guardian.summary().me.person;
    let View::Devices(devices) = director.query(Query::Devices { person }).await.unwrap() else {
        panic!("no devices")
    };
    let device = devices[0].device.clone();
    director.command(Command::EndDevice { device, sheet: None }).await.unwrap();
    guardian.until(|house| house.stage == "ended" && house.link == "offline").await.unwrap();
    // Time enough for many an attempt, if there were any: they begin after a twentieth of a second.
    let busy = async || {
        for time in 0..60 {
            let title = format!("{time}");
            let bulletin = Command::PostBulletin { group: None, title, body: "Text".into(), set: None };
            director.command(bulletin).await.unwrap();
            settled(&director).await;
        }
    };
    let lines = guardian_line.lines();
    busy().await;
    assert_eq!(guardian_line.lines(), lines);
    // Nor does it when it is started again.
    guardian.close().await;
    let guardian = Device::open(options(folder.path(), "guardian", &guardian_line)).unwrap();
    busy().await;
    assert_eq!((guardian_line.lines(), guardian.summary().stage), (lines, "ended"));
}
