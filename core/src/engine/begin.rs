//! How a device comes to a house: it founds one, or joins with a letter's code.

use base16ct::lower as hex;
use nestpost_protocol::codec;
use nestpost_protocol::id::{Hash, HouseId, Nonce, PersonId, RelayKey};
use nestpost_protocol::label;
use nestpost_protocol::log::kind::device_add::{self, DeviceAdd};
use nestpost_protocol::log::kind::found::{Found, HouseKind, Second};
use nestpost_protocol::log::kind::join::{Join, proof_input};
use nestpost_protocol::log::{Body, Cosignature, EntryBody, OpenEntry, entry};
use nestpost_protocol::message::{InviteInfo, InviteStage};

use crate::app::{self, AppError};
use crate::code;
use crate::crypto::{self, DeviceKeys, InviteSecret, LocalKey};
use crate::door::Visitor;
use crate::house::Stage;
use crate::time::Timestamp;

use super::frame::Builder;
use super::meta::{Founding, Joining};
use super::outbox::{Outgoing, Purpose};
use super::session::Session;
use super::{Config, Engine, Secrets};

/// What a founder says.
#[derive(Debug, Clone)]
pub struct FoundArgs {
    /// Name of the house.
    pub house_name: String,
    /// Name of the first director.
    pub director_name: String,
    /// Telephone number for people who need help.
    pub help_line: String,
    /// Art. 13 notice.
    pub notice: String,
    /// The operator's setup code, where the relay asks for one.
    pub setup_code: Option<String>,
}

/// The recovery sheet of a new house, to be printed.
pub struct Founded {
    /// The engine; feed it [`super::Input::Tick`] to store its first row.
    pub engine: Engine,
    /// The sheet's keys, for its printed code. The engine forgets them once the sheet is confirmed as printed.
    pub sheet: DeviceKeys,
}

impl Engine {
    /// A new house. Nothing is sent before the relay is reached.
    ///
    /// # Errors
    /// [`AppError::Empty`] or [`AppError::TooLong`] for the names.
    pub fn found(config: &Config, secrets: Secrets, args: FoundArgs) -> Result<Founded, AppError> {
        app::check_found(&args)?;
        let mut engine = Self::empty(config, secrets);
        let sheet = DeviceKeys::generate();
        engine.house.stage = Stage::Founding;
        let director = PersonId::new(engine.random());
        let person = PersonId::new(engine.random());
        engine.meta.founding = Some(Founding {
            house_name: args.house_name,
            director_name: args.director_name,
            help_line: args.help_line,
            notice: args.notice,
            sheet_seed: sheet.expose_seed().to_vec().into(),
            director,
            sheet: person,
            setup_code: args.setup_code,
        });
        engine.meta.sheet_open = true;
        engine.meta.sheet_seed = Some(sheet.expose_seed().to_vec().into());
        engine.write_meta();
        Ok(Founded { engine, sheet })
    }

    /// A device that joins with an invite's secret, after its greeting was shown (see [`crate::door`]).
    #[must_use]
    pub fn join(config: &Config, secrets: Secrets, visitor: &Visitor) -> Self {
        let mut engine = Self::empty(config, secrets);
        engine.house.id = Some(visitor.house);
        engine.house.stage = Stage::Presenting;
        engine.meta.joining = Some(Joining {
            secret: visitor.secret.expose_bytes().to_vec().into(),
            commitment: None,
            greeting: visitor.greeting.clone().into(),
            failed: None,
        });
        engine.write_meta();
        engine
    }

    /// A device that one of the same person's, or the recovery sheet, is to add. It is told of house and person, and
    /// answers with [`Engine::pairing`].
    #[must_use]
    pub fn pair(config: &Config, secrets: Secrets, house: HouseId, person: PersonId) -> Self {
        let mut engine = Self::empty(config, secrets);
        engine.house.id = Some(house);
        engine.house.stage = Stage::Presenting;
        engine.meta.pairing = Some(person);
        // A sheet was opened before, perhaps: what it was sent, and what it wrote, is here no more.
        engine.meta.full = true;
        engine.write_meta();
        engine
    }

    /// A recovery sheet that was typed in: for as long as it takes, a device of its own. Nothing of it is to be stored.
    ///
    /// # Errors
    /// [`code::CodeError`] when either is not what a sheet has printed on it.
    pub fn unfold_sheet(config: &Config, house: &str, sheet: &str) -> Result<Self, code::CodeError> {
        let house = code::parse_sheet_house(house)?;
        let secrets = Secrets { keys: code::parse_sheet(sheet)?, local: LocalKey::generate() };
        // Whose it is stands in the log; it asks nobody to add it.
        Ok(Self::pair(config, secrets, house, PersonId::new([0; 16])))
    }

    /// What a device that is to be added answers, and the digits that both screens show.
    #[must_use]
    pub fn pairing(&self) -> Option<(String, [String; 6])> {
        let (person, house) = self.meta.pairing.zip(self.house.id)?;
        let device = self.secrets.keys.card();
        let input = device_add::proof_input(house, person, device);
        let proof = self.secrets.keys.sign(label::DEVICE_ADD, &input);
        let (_, bytes) = Body::DeviceAdd(DeviceAdd { person, device, proof, sheet: None }).encode();
        let digits = code::join_digits(&Hash::new(codec::sha256(&[&bytes])));
        Some((hex::encode_string(&bytes), digits))
    }

    // ---- founding ----

    /// The relay is there and has told its key: make the first frame, once.
    pub(super) fn found_at(&mut self, now: Timestamp, relay: RelayKey) {
        self.session = Session::Founding;
        if self.outgoing.is_some() {
            return;
        }
        if self.make_found(now, relay).is_none() {
            self.close();
        }
    }

    fn make_found(&mut self, now: Timestamp, relay: RelayKey) -> Option<()> {
        let founding = self.meta.founding.clone()?;
        let seed: [u8; 32] = founding.sheet_seed.as_slice().try_into().ok()?;
        let sheet = DeviceKeys::from_seed(seed);
        let found = Body::Found(Found {
            kind: HouseKind::Kita,
            director: founding.director,
            device: self.secrets.keys.card(),
            second: Second::Sheet(founding.sheet, sheet.card()),
            relay,
        });
        let (kind, bytes) = found.encode();
        let nonce = Nonce::new(crypto::random::bytes());
        let signature = sheet.sign(label::COSIGN, &entry::cosign_input(None, kind, &bytes, nonce));
        let cosignature = Cosignature { device: sheet.id(), nonce, signature };

        let args = FoundArgs {
            house_name: founding.house_name,
            director_name: founding.director_name,
            help_line: founding.help_line,
            notice: founding.notice,
            setup_code: None,
        };
        let mut rng = self.rng.clone();
        let mut builder = Builder::new(self);
        builder.entry(&found, vec![cosignature])?;
        let house = builder.log().house()?;
        let plan = app::found_plan(&args, builder.log(), now, &mut rng).ok()?;
        let before = builder.log().clone();
        for body in &plan.entries {
            builder.entry(body, Vec::new())?;
        }
        builder.rekey(&before)?;
        let frame = builder.finish();
        self.rng = rng;
        self.house.id = Some(house);
        for edit in &plan.edits {
            self.write_as_founder(now, edit).ok()?;
        }
        self.write_meta();
        self.queue(Outgoing::new(Purpose::Found, frame));
        Some(())
    }

    /// The relay takes no new houses, or not with this setup code.
    pub(super) fn found_failed(&mut self) {
        self.fail_begin("setup_code");
    }

    // ---- joining ----

    pub(super) fn join_was_sent(&self) -> bool {
        self.meta.founding.is_some()
            || self.meta.pairing.is_some()
            || self.meta.joining.as_ref().is_some_and(|j| j.commitment.is_some())
    }

    /// The relay does not know the device that we presented: the join was not taken after all.
    pub(super) fn forget_sent_join(&mut self) {
        if let Some(joining) = &mut self.meta.joining {
            joining.commitment = None;
            self.write_meta();
        }
    }

    pub(super) fn at_door(&mut self, info: &InviteInfo) {
        if self.outgoing.as_ref().is_some_and(|outgoing| outgoing.in_flight) {
            // The news that comes before a refusal; the refusal decides.
            return;
        }
        match info.stage {
            InviteStage::Open => {}
            InviteStage::Used => return self.join_failed("code_used"),
            InviteStage::Expired => return self.join_failed("code_expired"),
            InviteStage::Revoked => return self.join_failed("code_revoked"),
        }
        if Some(info.house) != self.house.id || self.make_join(info).is_none() {
            self.join_failed("code_foreign");
        }
    }

    fn make_join(&mut self, info: &InviteInfo) -> Option<()> {
        let secret = self.invite_secret()?;
        let (invite_seq, _) = check_invite(&secret, info)?;
        let device = self.secrets.keys.card();
        let link = info.entry.link().ok()?;
        let proof = secret.sign(label::JOIN, &proof_input(info.house, invite_seq, device));
        let (kind, bytes) = Body::Join(Join { invite: invite_seq, device, proof }).encode();
        let signed = codec::encode(&EntryBody {
            version: entry::ENTRY_VERSION,
            house: Some(info.house),
            seq: info.head.seq + 1,
            prev: Some(info.head.hash),
            class: link.class,
            kind,
            author: device.device,
            body: bytes.into(),
            before: None,
        });
        let signature = self.secrets.keys.sign(label::ENTRY, &signed);
        let entry = codec::encode(&nestpost_protocol::log::Entry {
            signed: signed.into(),
            signature,
            cosignatures: Vec::new(),
        });
        let salt = nestpost_protocol::id::Salt::new(crypto::random::bytes());
        let open = OpenEntry { entry: entry.into(), salt };
        let commitment = open.link().ok()?.commitment;
        if let Some(joining) = &mut self.meta.joining {
            joining.commitment = Some(commitment);
        }
        self.write_meta();
        let frame = nestpost_protocol::message::Frame { entries: vec![open], ..Default::default() };
        self.queue(Outgoing::new(Purpose::Join, frame));
        self.changed = true;
        Some(())
    }

    /// Joining is over; the code says why, in the words of the page's contract.
    pub(super) fn join_failed(&mut self, why: &'static str) {
        self.fail_begin(why);
        self.close();
    }

    fn fail_begin(&mut self, why: &'static str) {
        let joining = self.meta.joining.get_or_insert_with(|| Joining {
            secret: Vec::new().into(),
            commitment: None,
            greeting: Vec::new().into(),
            failed: None,
        });
        joining.failed = Some(why.to_owned());
        self.set_stage(Stage::Ended);
        self.write_meta();
    }

    /// The six groups of digits to compare at the door, while joining.
    pub(super) fn digits(&self) -> Option<[String; 6]> {
        let commitment = self.meta.joining.as_ref()?.commitment?;
        Some(code::join_digits(&commitment))
    }
}

/// Checks that the invite entry behind a secret is what its holder was promised. Returns its seq and greeting.
pub(crate) fn check_invite(secret: &InviteSecret, info: &InviteInfo) -> Option<(u64, Vec<u8>)> {
    let link = info.entry.link().ok()?;
    let checked = info.entry.check(&link).ok()?;
    let Body::Invite(invite) = checked.kind else { return None };
    let house: HouseId = info.house;
    if checked.body.house != Some(house)
        || invite.key != secret.key()
        || !secret.authenticates(&house, &invite.mac)
    {
        return None;
    }
    let greeting = secret.open_greeting(&invite.greeting).ok()?;
    Some((checked.body.seq, greeting))
}
