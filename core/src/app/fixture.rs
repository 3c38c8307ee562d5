//! A whole house in memory: a real signed log under the protocol's rules, every person a device of their own, and each
//! device seeing only what it may see. Documents come to everyone at once; nothing is sealed here.

use std::cell::RefCell;

use nestpost_protocol::id::{
    BlobId, CircleId, DeviceId, DocumentId, ItemId, Nonce, PersonId, RelayKey, Salt,
};
use nestpost_protocol::log::kind::found::{Found, HouseKind, Second};
use nestpost_protocol::log::kind::join::{Join, proof_input};
use nestpost_protocol::log::{
    Body, Class as EntryClass, Cosignature, Entry, EntryBody, LogState, OpenEntry, entry,
};
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::{Class, expiry};
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::{access, codec, epochs, label};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

use super::view::{GroupSymbol, Letter};
use super::{AppError, Command, Edit, Plan, Query, Reply, View, command, duties, found_plan, plan, query};
use crate::code::InviteCode;
use crate::crypto::DeviceKeys;
use crate::docs::{Docs, DocumentFact, Pending};
use crate::document::{Document, Value};
use crate::engine::FoundArgs;
use crate::house::{House, LinkState, Stage};
use crate::time::Timestamp;
use crate::transfers::{Row, TransferEdit, Transfers};

/// 2026-11-21T06:40:00Z, a Saturday that this house is open.
pub(super) const MORNING: u64 = 1_795_243_200_000;
pub(super) const TODAY: &str = "2026-11-21";
pub(super) const TOMORROW: &str = "2026-11-22";
pub(super) const DAY: u64 = 86_400_000;

/// An item as it was written.
#[derive(Clone)]
struct Written {
    edit: Edit,
    side: Side,
    author: DeviceId,
    month: nestpost_protocol::retention::Month,
    local: bool,
    /// The log position that its record names.
    log: u64,
}

pub(super) struct World {
    pub(super) log: LogState,
    entries: Vec<OpenEntry>,
    items: Vec<Written>,
    pub(super) now: Timestamp,
    pub(super) rng: ChaCha20Rng,
    devices: u8,
    /// Devices whose writing stays on them.
    offline: SortedSet<DeviceId>,
    /// What devices hold of circles whatever becomes of them.
    kept: SortedSet<(DeviceId, CircleId)>,
    /// What each device is sending.
    transfers: SortedMap<DeviceId, Transfers>,
    /// Blobs that a circle was told to release.
    pub(super) released: Vec<(CircleId, BlobId)>,
    next_row: u64,
    /// Logs as guardians' devices see them, with the length of the whole log they were made from.
    logs: RefCell<SortedMap<DeviceId, (u64, LogState)>>,
    pub(super) director: DeviceKeys,
}

impl World {
    /// "Kita Spatzennest", directed by Ada, with a recovery sheet.
    pub(super) fn found() -> Self {
        let director = DeviceKeys::from_seed([1; 32]);
        let sheet = DeviceKeys::from_seed([2; 32]);
        let mut world = Self {
            log: LogState::new(),
            entries: Vec::new(),
            items: Vec::new(),
            now: Timestamp::from_millis(MORNING),
            rng: ChaCha20Rng::from_seed([7; 32]),
            devices: 2,
            offline: SortedSet::new(),
            kept: SortedSet::new(),
            transfers: SortedMap::new(),
            released: Vec::new(),
            next_row: 0,
            logs: RefCell::default(),
            director: director.clone(),
        };
        let body = Body::Found(Found {
            kind: HouseKind::Kita,
            director: PersonId::new([1; 16]),
            device: director.card(),
            second: Second::Sheet(PersonId::new([2; 16]), sheet.card()),
            relay: RelayKey::new(*DeviceKeys::from_seed([3; 32]).id().as_bytes()),
        });
        let (kind, bytes) = body.encode();
        let nonce = Nonce::new([9; 32]);
        let signature = sheet.sign(label::COSIGN, &entry::cosign_input(None, kind, &bytes, nonce));
        world.append(&director, &body, vec![Cosignature { device: sheet.id(), nonce, signature }]);
        let args = FoundArgs {
            house_name: "Kita Spatzennest".into(),
            director_name: "Ada Director".into(),
            help_line: "0341 123456".into(),
            notice: "Art. 13".into(),
            setup_code: None,
        };
        let plan = found_plan(&args, &world.log, world.now, &mut world.rng).expect("a plan to found");
        world.perform(&director, plan);
        world
    }

    pub(super) fn append(&mut self, author: &DeviceKeys, body: &Body, cosignatures: Vec<Cosignature>) {
        let (kind, bytes) = body.encode();
        let (class, _) = self.log.classify(body);
        let class = if self.log.is_empty() { EntryClass::All } else { class };
        let signed = codec::encode(&EntryBody {
            version: entry::ENTRY_VERSION,
            house: self.log.house(),
            seq: self.log.len(),
            prev: self.log.head().map(|h| h.hash),
            class,
            kind,
            author: author.id(),
            body: bytes.into(),
            before: self.log.before(body),
        });
        let signature = author.sign(label::ENTRY, &signed);
        let entry = codec::encode(&Entry { signed: signed.into(), signature, cosignatures });
        let open = OpenEntry {
            entry: entry.into(),
            salt: Salt::new([u8::try_from(self.entries.len() % 251).expect("small"); 32]),
        };
        let link = open.link().expect("an entry has a link");
        self.log.admit(&link, Some(&open)).unwrap_or_else(|error| panic!("{body:?} is refused: {error}"));
        self.entries.push(open);
    }

    /// An entry that the founding director and the sheet agree on.
    pub(super) fn agree(&mut self, body: &Body) {
        let sheet = DeviceKeys::from_seed([2; 32]);
        let (kind, bytes) = body.encode();
        let nonce = Nonce::new([8; 32]);
        let signature =
            sheet.sign(label::COSIGN, &entry::cosign_input(self.log.house(), kind, &bytes, nonce));
        let director = self.director.clone();
        self.append(&director, body, vec![Cosignature { device: sheet.id(), nonce, signature }]);
    }

    /// What the engine does with a plan.
    fn perform(&mut self, author: &DeviceKeys, mut plan: Plan) -> Reply {
        super::rebase(&mut plan.entries, &self.log);
        for (place, body) in plan.entries.iter().enumerate() {
            let cosignatures = plan.cosignatures.iter().filter(|(at, _)| *at == place);
            self.append(author, body, cosignatures.map(|(_, cosignature)| cosignature.clone()).collect());
        }
        for edit in plan.edits {
            self.write(author, edit);
        }
        for edit in plan.transfers {
            self.change_transfer(author, edit);
        }
        plan.reply
    }

    fn change_transfer(&mut self, device: &DeviceKeys, edit: TransferEdit) {
        self.next_row += 1;
        let transfers = self.transfers.entry(device.id()).or_default();
        match edit {
            TransferEdit::Put(transfer) => {
                let key = transfers.key_of(&transfer.item).unwrap_or(self.next_row);
                transfers.put(key, Row::Transfer(transfer));
            }
            TransferEdit::Drop(item) => {
                let key = transfers.key_of(&item).expect("what is dropped is there");
                transfers.remove(key);
            }
            TransferEdit::Release(release) => {
                self.released.extend(release.blobs.iter().map(|blob| (release.circle, *blob)));
            }
        }
    }

    /// The relay has acknowledged the holds of everything that a device has sent.
    pub(super) fn hold(&mut self, device: &DeviceKeys) {
        let Some(transfers) = self.transfers.get_mut(&device.id()) else { return };
        let sent: Vec<_> = transfers.all().filter(|t| t.item().is_some()).cloned().collect();
        for transfer in sent {
            let key = transfers.key_of(&transfer.item).expect("it was listed");
            transfers.remove(key);
            let value = transfer.item().expect("it was sent").value();
            let edit = Edit { circle: transfer.circle, class: transfer.class, item: transfer.item, value };
            self.items.push(Written {
                side: access::side_of(&self.log, &device.id(), &edit.circle).expect("it could write"),
                author: device.id(),
                month: expiry(edit.class, self.now.month()),
                local: self.offline.contains(&device.id()),
                log: self.log.len() - 1,
                edit,
            });
        }
    }

    fn write(&mut self, author: &DeviceKeys, edit: Edit) {
        let side = access::side_of(&self.log, &author.id(), &edit.circle);
        let side = side.unwrap_or_else(|| panic!("{edit:?} is written by who may not"));
        let month = expiry(edit.class, self.now.month());
        let local = self.offline.contains(&author.id());
        if let Value::Map(_) = edit.value {
            self.items.retain(|w| (w.edit.circle, w.edit.item, w.side) != (edit.circle, edit.item, side));
        }
        let log = self.log.len() - 1;
        self.items.push(Written { edit, side, author: author.id(), month, local, log });
    }

    /// Writes past every check of the planner, as a modified client would.
    pub(super) fn forge(&mut self, author: &DeviceKeys, circle: CircleId, item: ItemId, value: Value) {
        self.write(author, Edit { circle, class: Class::Short, item, value });
    }

    /// Everything a device of that month no longer holds is gone.
    pub(super) fn expire(&mut self) {
        let month = self.now.month();
        self.items.retain(|w| !nestpost_protocol::retention::expired(w.edit.class, w.month, month));
    }

    pub(super) fn pass(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
    }

    /// What this device reads now stays on it.
    pub(super) fn keep(&mut self, device: &DeviceKeys) {
        let me = device.id();
        self.kept.extend(access::visible(&self.log, &me).into_iter().map(|circle| (me, circle)));
    }

    pub(super) fn set_offline(&mut self, device: &DeviceKeys, offline: bool) {
        if offline {
            self.offline.insert(device.id());
        } else {
            self.offline.remove(&device.id());
            for written in self.items.iter_mut().filter(|w| w.author == device.id()) {
                written.local = false;
            }
        }
    }

    /// The log with the entries that this device is sent; every one of them is checked again, as on the device.
    fn log_of(&self, me: &DeviceId) -> LogState {
        if access::is_staff(&self.log, me) {
            return self.log.clone();
        }
        let mut logs = self.logs.borrow_mut();
        let (len, log) = logs.entry(*me).or_default();
        // What was hidden may be visible by now, so a longer log is read from its beginning.
        if *len != self.log.len() {
            *len = self.log.len();
            *log = LogState::new();
            // Whoever is nobody here is not even sent the beginning.
            let known = access::sees_entry(&self.log, me, 0);
            for (seq, open) in (0..).zip(&self.entries).take_while(|_| known) {
                let link = self.log.link(seq).expect("every entry has a link");
                let seen = access::sees_entry(&self.log, me, seq);
                log.admit(link, seen.then_some(open)).expect("what one may see is admitted");
            }
        }
        log.clone()
    }

    /// The house as that device knows it.
    pub(super) fn house(&self, device: &DeviceKeys) -> House {
        let me = device.id();
        let log = self.log_of(&me);
        let mut docs = Docs::new();
        let mut ids: SortedMap<_, DocumentId> = SortedMap::new();
        for written in &self.items {
            let circle = written.edit.circle;
            let reads = access::reads(&self.log, &me, &circle) || self.kept.contains(&(me, circle));
            let visible = reads && (!written.local || written.author == me);
            if !visible {
                continue;
            }
            let fact =
                DocumentFact { circle, side: written.side, class: written.edit.class, month: written.month };
            // Later documents come first, so that no test rests on the order of writing.
            let next = u8::MAX - u8::try_from(ids.len()).expect("few documents");
            let key = (circle, written.side, written.edit.class, written.month, written.author);
            let id = *ids.entry(key).or_insert_with(|| DocumentId::new([next; 16]));
            let actor = Document::actor(&written.author, &id, &[0; 16]);
            let held = docs.begin(id, fact, actor).expect("one document per key");
            held.actors.insert(actor, written.author);
            let change = held.put(&written.edit.item, &written.edit.value).expect("an item is written once");
            let op = held.document.op_of(&written.edit.item);
            if written.local {
                held.pending.push(Pending { key: 0, item: written.edit.item, start: [0; 16], change });
            } else {
                held.place(actor, op.as_slice(), written.log);
            }
        }
        docs.refresh();
        House {
            id: self.log.house(),
            log,
            epochs: epochs::Epochs::new(),
            docs,
            transfers: self.transfers.get(&me).cloned().unwrap_or_default(),
            inquiries: SortedMap::new(),
            me,
            names: SortedMap::new(),
            printed: None,
            decided: Vec::new(),
            stage: Stage::Member,
            link: LinkState::Online,
            alarms: SortedMap::new(),
            evidence: Vec::new(),
            gone: Vec::new(),
            refused: SortedMap::new(),
            quarantined: Vec::new(),
            overtaken: Vec::new(),
            founding: None,
            moves: Vec::new(),
            copy: None,
            missing: Vec::new(),
            words: Vec::new(),
            origin: "https://kita.example".into(),
        }
    }

    /// Gives a command at a device.
    pub(super) fn attempt(&mut self, device: &DeviceKeys, command: &Command) -> Result<Reply, AppError> {
        let house = self.house(device);
        let plan = plan(command, &house, self.now, &mut self.rng)?;
        Ok(self.perform(device, plan))
    }

    pub(super) fn act(&mut self, device: &DeviceKeys, command: Command) -> Reply {
        self.attempt(device, &command).unwrap_or_else(|error| panic!("{command:?}: {error}"))
    }

    pub(super) fn ask(&self, device: &DeviceKeys, question: &Query) -> Result<View, AppError> {
        query(question, &self.house(device), self.now)
    }

    /// What a device does unasked. Returns how much it wrote.
    pub(super) fn duty(&mut self, device: &DeviceKeys) -> usize {
        let edits = duties(&self.house(device), self.now);
        let count = edits.len();
        for edit in edits {
            self.write(device, edit);
        }
        count
    }

    // Shorthands.

    pub(super) fn group(&mut self, name: &str) -> String {
        let director = self.director.clone();
        id(self.act(&director, Command::CreateGroup { name: name.into(), symbol: GroupSymbol::Fox }))
    }

    pub(super) fn child(&mut self, name: &str, group: &str) -> String {
        let director = self.director.clone();
        id(self.act(&director, Command::CreateChild { name: name.into(), group: group.into() }))
    }

    pub(super) fn guardian(&mut self, name: &str, child: &str) -> String {
        let director = self.director.clone();
        person(self.act(
            &director,
            Command::CreateGuardian { name: name.into(), child: child.into(), relation: None },
        ))
    }

    pub(super) fn staff(&mut self, name: &str, role: command::StaffRole, groups: &[&str]) -> String {
        let director = self.director.clone();
        let groups = groups.iter().map(|g| (*g).to_owned()).collect();
        person(self.act(&director, Command::CreateStaff { name: name.into(), role, groups, until: None }))
    }

    pub(super) fn letter(&mut self, by: &DeviceKeys, person: &str) -> Letter {
        match self.act(by, Command::CreateInvite { person: person.into(), valid_days: 14 }) {
            Reply::Letter(letter) => *letter,
            other => panic!("not a letter: {other:?}"),
        }
    }

    /// A new device presents the code of a letter. Returns its keys and the id of the join.
    pub(super) fn present(&mut self, letter: &Letter) -> (DeviceKeys, String) {
        self.devices += 1;
        let keys = DeviceKeys::from_seed([100 + self.devices; 32]);
        let code = InviteCode::parse(&letter.code).expect("a printed code is read");
        let house = self.log.house().expect("founded");
        let invite = self.log.invite_by_key(&code.secret.key()).expect("the invite is there").seq;
        let device = keys.card();
        let proof = code.secret.sign(label::JOIN, &proof_input(house, invite, device));
        self.append(&keys, &Body::Join(Join { invite, device, proof }), Vec::new());
        let commitment = self.log.link(self.log.len() - 1).expect("just admitted").commitment;
        (keys, commitment.to_string())
    }

    /// Letter, join, confirmation.
    pub(super) fn admit(&mut self, person: &str) -> DeviceKeys {
        let director = self.director.clone();
        let letter = self.letter(&director, person);
        let (keys, join) = self.present(&letter);
        self.act(&director, Command::ConfirmJoin { join });
        keys
    }
}

pub(super) fn id(reply: Reply) -> String {
    match reply {
        Reply::Id { id } => id,
        other => panic!("no id: {other:?}"),
    }
}

pub(super) fn person(reply: Reply) -> String {
    match reply {
        Reply::Person { person } => person,
        other => panic!("no person: {other:?}"),
    }
}

/// The view of a query, or the test fails.
macro_rules! view {
    ($world:expr, $device:expr, $kind:ident, $query:expr) => {
        match $world.ask($device, &$query).expect("the query is answered") {
            $crate::app::View::$kind(view) => view,
            other => panic!("another view: {other:?}"),
        }
    };
}
pub(super) use view;
