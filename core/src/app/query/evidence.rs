//! What this device could show of a relay that lied, or of a member that did not keep to the rules.

use data_encoding::HEXLOWER;
use nestpost_protocol::codec;
use nestpost_protocol::evidence::{self, Verdict};
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::log::Body;

use crate::app::scene::Scene;
use crate::app::view::{Evidence, EvidenceCase, Wrong};

/// Whoever it is shown to may check the file without this house; the names stand here alone.
pub(super) fn evidence(scene: &Scene<'_>) -> Evidence {
    let none = Evidence { cases: Vec::new(), file: None };
    let log = &scene.house.log;
    let (Some(house), Some(found), Some(founded)) = (scene.house.id, &scene.house.founding, log.founded())
    else {
        return none;
    };
    let mut relays = vec![founded.relay];
    for entry in (0..log.len()).filter_map(|seq| log.entry(seq)) {
        if let Body::Restored(body) = &entry.kind {
            relays.extend(body.relay);
        }
    }
    let kept = scene.house.evidence.iter().filter_map(|case| Some((case, case.check(&house, &relays).ok()?)));
    let (holding, verdicts): (Vec<_>, Vec<_>) = kept.map(|(case, verdict)| (case.clone(), verdict)).unzip();
    if holding.is_empty() {
        return none;
    }
    let file = evidence::Evidence::new(house, found.clone(), scene.house.moves.clone(), holding);
    Evidence {
        cases: verdicts.into_iter().map(|verdict| case(scene, verdict)).collect(),
        file: Some(HEXLOWER.encode(&codec::encode(&file))),
    }
}

fn case(scene: &Scene<'_>, verdict: Verdict) -> EvidenceCase {
    let (what, device) = match verdict {
        Verdict::Relay => (Wrong::Relay, None),
        Verdict::WordOfRelay => (Wrong::RelayUnproven, None),
        Verdict::RelayOrDevice(device) => (Wrong::RelayOrDevice, Some(device)),
        Verdict::Word(device) => (Wrong::Unproven, Some(device)),
        Verdict::Device(device) => (Wrong::Device, Some(device)),
    };
    let owner = |device: DeviceId| scene.house.log.device(&device).map(|known| known.person);
    let person = device.and_then(owner);
    EvidenceCase {
        what,
        person: person.map(|person| person.to_string()),
        person_name: person.map(|person| scene.person_name(&person)),
        device: device.map(|device| device.to_string()),
    }
}
