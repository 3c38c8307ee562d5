//! What this device could show of a relay that lied, or of a member that did not keep to the rules.

use base16ct::lower as hex;
use nestpost_protocol::codec;
use nestpost_protocol::evidence::{self, Verdict};
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::log::Body;

use super::erase::place_of;
use crate::app::scene::Scene;
use crate::app::view::{Evidence, EvidenceCase, QuarantinedEntry, Wrong};
use crate::house::Quarantined;

/// Whoever it is shown to may check the file without this house; the names stand here alone.
pub(super) fn evidence(scene: &Scene<'_>) -> Evidence {
    let set_aside = scene.house.quarantined.iter().map(|one| quarantined(scene, one)).collect();
    let none = Evidence { cases: Vec::new(), file: None, set_aside };
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
    let kept = scene
        .house
        .evidence
        .iter()
        .filter_map(|case| Some((case, case.check(&house, &relays).ok()?.verdict)));
    let (holding, verdicts): (Vec<_>, Vec<_>) = kept.map(|(case, verdict)| (case.clone(), verdict)).unzip();
    if holding.is_empty() {
        return none;
    }
    let file = evidence::Evidence::new(house, found.clone(), scene.house.moves.clone(), holding);
    Evidence {
        cases: verdicts.into_iter().map(|verdict| case(scene, verdict)).collect(),
        file: Some(hex::encode_string(&codec::encode(&file))),
        ..none
    }
}

/// Where it stands and whose device made it; what it says nobody knows.
fn quarantined(scene: &Scene<'_>, one: &Quarantined) -> QuarantinedEntry {
    let place = scene.house.log.circle(&one.circle).and_then(|circle| place_of(scene, circle));
    let (place, place_name) = place.map(|(place, name)| (Some(place), name)).unwrap_or_default();
    let author = one.author.and_then(|device| scene.house.log.device(&device));
    QuarantinedEntry {
        record: one.record.to_string(),
        place,
        place_name,
        number: one.n,
        author: author.map(|device| scene.person_name(&device.person)).unwrap_or_default(),
    }
}

fn case(scene: &Scene<'_>, verdict: Verdict) -> EvidenceCase {
    let (what, device) = match verdict {
        Verdict::Relay => (Wrong::Relay, None),
        Verdict::WordOfRelay => (Wrong::RelayUnproven, None),
        Verdict::RelayOrDevice(device) => (Wrong::RelayOrDevice, Some(device)),
        Verdict::Word(device) | Verdict::Wrap(device) => (Wrong::Unproven, Some(device)),
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
