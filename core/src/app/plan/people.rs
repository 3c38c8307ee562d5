//! The door: letters, who is let in, who is not.

use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{DeviceId, Hash, HouseId, InviteKey, PersonId};
use nestpost_protocol::label;
use nestpost_protocol::limit::{DEVICES_PER_PERSON_MAX, INVITE_DAYS_MAX};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::confirm::Confirm;
use nestpost_protocol::log::kind::device_add::{self, DeviceAdd};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::invite_end::InviteEnd;
use nestpost_protocol::log::kind::role::Role as LogRole;
use nestpost_protocol::log::state::{InviteProgress, JoinFact};
use nestpost_protocol::retention::Class;

use super::greeting::{Greeting, NamedDevice};
use super::{Draft, required, rights};
use crate::app::item::{self, DEVICE_NAME_CHARS_MAX, Item};
use crate::app::query::about;
use crate::app::scene::Scene;
use crate::app::view::{Letter, RecoverySheet, Role};
use crate::app::{AppError, Reply};
use crate::crypto::{DeviceKeys, InviteSecret};
use crate::house::House;
use crate::time::Timestamp;
use crate::{code, qr};

/// Milliseconds in a day.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// A code for another device of one's own is typed or scanned at once.
const PAIRING_DAYS: u16 = 1;

/// A letter for a person. A new letter makes the open ones void: whoever finds an old one is not let in.
pub(super) fn create_invite(draft: &mut Draft<'_>, person: &str, days: u16) -> Result<Reply, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    draft.scene.role_of(&person).ok_or(AppError::NotFound)?;
    if !rights::admits(&draft.scene, &person) {
        return Err(AppError::NotAllowed);
    }
    if days == 0 || days > INVITE_DAYS_MAX {
        return Err(AppError::BadDay);
    }
    // Who is protected stands where those read who may know of them.
    let apart = draft.scene.house.log.is_protected(&person).then(|| draft.scene.apart(&person).map(|c| c.id));
    let told = apart.unwrap_or(draft.scene.house.sole(Sort::Staff));
    let (key, letter) = invite(draft, person, days, Vec::new(), String::new())?;
    let record = Item::Letter(item::Letter { invite: key, at: draft.now.millis(), days });
    if let Some(circle) = told.filter(|circle| draft.scene.writes(circle).is_ok()) {
        draft.add(circle, Class::Year, record.value());
    }
    Ok(letter)
}

/// A recovery sheet to print.
pub fn sheet(
    house: &House,
    id: &HouseId,
    keys: &DeviceKeys,
    now: Timestamp,
) -> Result<RecoverySheet, AppError> {
    let link = code::format_sheet_link(house.address(), id, keys);
    Ok(RecoverySheet {
        house_name: about(house).name,
        fingerprint: code::fingerprint(id),
        house: code::format_house(id),
        qr_svg: qr::svg(&link).map_err(|_| AppError::Internal)?,
        code: code::format_sheet(keys),
        created_at: now.millis(),
        person_name: None,
    })
}

/// A sheet that nobody knows of yet: whoever does not print it has lost nothing.
pub(super) fn draw_sheet(draft: &Draft<'_>) -> Result<Reply, AppError> {
    let house = draft.scene.house.id.ok_or(AppError::NotFound)?;
    let mut sheet = sheet(draft.scene.house, &house, &DeviceKeys::generate(), draft.now)?;
    let person = draft.scene.me;
    sheet.person_name = (draft.scene.role != LogRole::Sheet).then(|| draft.scene.person_name(&person));
    Ok(Reply::Sheet(Box::new(sheet)))
}

/// A sheet that was drawn becomes a device of this person, or of the house where its sheet was typed in. Those of before end
/// ([`renewal`]), but for the one that was typed in; it is ended from the next: whoever goes cannot make the keys of those who stay.
pub(super) fn renew_sheet(draft: &mut Draft<'_>, text: &str) -> Result<Reply, AppError> {
    let house = draft.scene.house.id.ok_or(AppError::NotFound)?;
    let (person, next) = (draft.scene.me, code::parse_sheet(text).map_err(|_| AppError::NotFound)?);
    let proof = next.sign(label::DEVICE_ADD, &device_add::proof_input(house, person, next.card()));
    let add = DeviceAdd { person, device: next.card(), proof, sheet: Some(true) };
    draft.entries = renewal(draft.scene.house, add);
    Ok(Reply::Id { id: next.id().to_string() })
}

/// What makes a sheet the only one of its person as things are now; nothing, where it is.
pub fn renewal(house: &House, add: DeviceAdd) -> Vec<Body> {
    let known = house.log.person(&add.person).into_iter().flat_map(|person| &person.devices);
    let earlier = known.filter(|device| {
        ![house.me, add.device.device].contains(device)
            && house.log.device(device).is_some_and(|known| known.sheet)
    });
    let ends = earlier.map(|device| Body::DeviceEnd(DeviceEnd { device: *device }));
    let adds = house.log.device(&add.device.device).is_none().then_some(Body::DeviceAdd(add));
    ends.chain(adds).collect()
}

/// A code for another device of this person. It tells the device what the person calls it and the others; nobody else is told.
pub(super) fn pair_device(draft: &mut Draft<'_>, name: &str) -> Result<Reply, AppError> {
    let name = required(name, DEVICE_NAME_CHARS_MAX)?;
    let me = draft.scene.me;
    let own = draft.scene.house.log.person(&me).map(|person| person.devices.clone()).unwrap_or_default();
    if own.len() >= DEVICES_PER_PERSON_MAX {
        return Err(AppError::NotAllowed);
    }
    let names = &draft.scene.house.names;
    let named = |device: &DeviceId| Some(NamedDevice { device: *device, name: names.get(device)?.clone() });
    let devices = own.iter().filter_map(named).collect();
    invite(draft, me, PAIRING_DAYS, devices, name).map(|(_, letter)| letter)
}

/// What a device is called; without a name it is an unknown one again.
pub(super) fn name_device(scene: &Scene<'_>, device: &str, name: &str) -> Result<Reply, AppError> {
    let device: DeviceId = device.parse().map_err(|_| AppError::NotFound)?;
    required(name, DEVICE_NAME_CHARS_MAX)?;
    let known = scene.house.log.device(&device).ok_or(AppError::NotFound)?;
    if known.person == scene.me { Ok(Reply::empty()) } else { Err(AppError::NotAllowed) }
}

fn invite(
    draft: &mut Draft<'_>,
    person: PersonId,
    days: u16,
    devices: Vec<NamedDevice>,
    device_name: String,
) -> Result<(InviteKey, Reply), AppError> {
    let log_role = draft.scene.role_of(&person).ok_or(AppError::NotFound)?;
    let role = Role::of(log_role).ok_or(AppError::NotFound)?;
    let house = draft.scene.house.id.ok_or(AppError::NotFound)?;
    let (house_name, help_line, notice) = draft.scene.house_profile();
    let valid_until = draft.now.plus(u64::from(days) * DAY).millis();

    let secret = InviteSecret::generate();
    let greeting = Greeting {
        house_name: house_name.clone(),
        notice,
        help_line: help_line.clone(),
        role,
        days,
        valid_until,
        devices,
        device_name,
        pin: draft.scene.is_pin(&person).then_some(true),
    };
    let sealed = secret.seal_greeting(&greeting.encode()).map_err(|_| AppError::Internal)?;
    for invite in draft.scene.house.log.invites() {
        if invite.body.person == person && invite.stage == InviteProgress::Open {
            draft.entries.push(Body::InviteEnd(InviteEnd { invite: invite.seq }));
        }
    }
    let (key, mac) = (secret.key(), secret.mac(&house));
    draft.entries.push(Body::Invite(Invite { key, person, mac, greeting: Bytes::from(sealed), days }));

    let link = code::format_link(draft.scene.house.address(), &house, &secret);
    let children = draft.scene.children_of_person(&person);
    let letter = Letter {
        invite: key.to_string(),
        person: person.to_string(),
        person_name: draft.scene.person_name(&person),
        child_names: children.iter().map(|c| draft.scene.child_name(c)).collect(),
        role,
        house_name,
        fingerprint: code::fingerprint(&house),
        code: code::format_invite(&secret),
        qr_svg: qr::svg(&link).map_err(|_| AppError::Internal)?,
        link,
        valid_until,
        help_line,
    };
    Ok((key, Reply::Letter(Box::new(letter))))
}

/// The letter is void, and so is a join with it that nobody has confirmed.
pub(super) fn revoke_invite(draft: &mut Draft<'_>, invite: &str) -> Result<Reply, AppError> {
    let key: InviteKey = invite.parse().map_err(|_| AppError::NotFound)?;
    let fact = draft.scene.house.log.invite_by_key(&key).ok_or(AppError::NotFound)?;
    admits(&draft.scene, &fact.body.person)?;
    if matches!(fact.stage, InviteProgress::Open | InviteProgress::Used { .. }) {
        draft.entries.push(Body::InviteEnd(InviteEnd { invite: fact.seq }));
    }
    Ok(Reply::empty())
}

/// The digits were the same on both screens. Again: nothing to do.
pub(super) fn confirm_join(draft: &mut Draft<'_>, join: &str) -> Result<Reply, AppError> {
    let fact = find_join(&draft.scene, join)?;
    if fact.confirmed.is_none() {
        draft.entries.push(Body::Confirm(Confirm { join: fact.seq, commitment: fact.commitment }));
        let staff = draft.scene.sole(Sort::Staff)?;
        let tells = !draft.scene.house.log.is_protected(&fact.person) && draft.scene.writes(&staff).is_ok();
        if tells {
            let note = Item::LetIn(item::LetIn { join: fact.commitment, at: draft.now.millis() });
            draft.add(staff, Class::Year, note.value());
        }
    }
    Ok(Reply::empty())
}

/// They were not, or nobody knows who this is: the letter is void.
pub(super) fn decline_join(draft: &mut Draft<'_>, join: &str) -> Result<Reply, AppError> {
    let fact = find_join(&draft.scene, join)?;
    if fact.confirmed.is_some() {
        return Err(AppError::LostRace);
    }
    draft.entries.push(Body::InviteEnd(InviteEnd { invite: fact.invite }));
    Ok(Reply::empty())
}

fn find_join<'a>(scene: &Scene<'a>, join: &str) -> Result<&'a JoinFact, AppError> {
    let commitment: Hash = join.parse().map_err(|_| AppError::NotFound)?;
    let fact =
        scene.house.log.joins().find(|j| j.commitment == commitment && !j.void).ok_or(AppError::NotFound)?;
    admits(scene, &fact.person)?;
    Ok(fact)
}

/// Whoever the role lets in, and oneself.
fn admits(scene: &Scene<'_>, person: &PersonId) -> Result<(), AppError> {
    scene.role_of(person).ok_or(AppError::NotFound)?;
    let may = *person == scene.me || rights::admits(scene, person);
    if may { Ok(()) } else { Err(AppError::NotAllowed) }
}
