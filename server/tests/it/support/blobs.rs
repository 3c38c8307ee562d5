//! Blobs, whoever sends and fetches them, and a Kita with two families.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use nestpost_protocol::blob::{Manifest, Missing, Reserve};
use nestpost_protocol::codec;
use nestpost_protocol::id::{BlobId, CircleId};
use nestpost_protocol::limit::BLOB_PART_BYTES;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role;

use super::house::circle;
use super::http::{Response, request};
use super::{Client, Device, House, TestRelay};

/// A sealed file. Noise: nobody opens it here.
#[derive(Clone)]
pub(crate) struct Blob {
    pub(crate) sealed: Vec<u8>,
    pub(crate) manifest: Manifest,
}

impl Blob {
    /// Of `bytes` bytes; another one for every name.
    pub(crate) fn new(name: &str, bytes: usize) -> Self {
        let seed = codec::sha256(&[name.as_bytes()]);
        let sealed: Vec<u8> =
            (0..bytes).map(|n| *seed.get(n % 32).unwrap() ^ u8::try_from(n / 32 % 251).unwrap()).collect();
        let manifest = Manifest::of(&sealed).unwrap();
        Self { sealed, manifest }
    }

    pub(crate) fn id(&self) -> BlobId {
        self.manifest.id()
    }

    pub(crate) fn part(&self, part: usize) -> &[u8] {
        self.sealed.chunks(BLOB_PART_BYTES).nth(part).unwrap()
    }

    pub(crate) fn path(&self) -> String {
        format!("/blob/{}", self.id())
    }

    pub(crate) fn part_path(&self, part: usize) -> String {
        format!("/blob/{}/{part}", self.id())
    }

    /// Where the relay keeps it.
    pub(crate) fn folder(&self, data: &Path, house: &House) -> PathBuf {
        data.join(nestpost_server::BLOBS_FOLDER).join(house.id().to_string()).join(self.id().to_string())
    }
}

/// Somebody who sends and fetches blobs.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) address: SocketAddr,
    pub(crate) ticket: String,
}

impl Courier {
    pub(crate) async fn of(address: SocketAddr, session: &mut Client) -> Self {
        Self { address, ticket: session.ticket().await }
    }

    /// A ticket for a device that is not connected yet.
    pub(crate) async fn for_device(address: SocketAddr, house: &House, device: &Device) -> Self {
        Self::of(address, &mut Client::member(address, house, device).await).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, extra: &str, body: &[u8]) -> Response {
        let extra = format!("Authorization: Bearer {}\r\n{extra}", self.ticket);
        request(self.address, method, path, &extra, body).await
    }

    pub(crate) async fn reserve(&self, circle: CircleId, blob: &Blob) -> Response {
        let body = codec::encode(&Reserve { circle, manifest: blob.manifest.clone() });
        self.ask("POST", "/blob", "", &body).await
    }

    /// The parts that are missing after a reservation.
    pub(crate) async fn missing(&self, circle: CircleId, blob: &Blob) -> Vec<u32> {
        let response = self.reserve(circle, blob).await;
        assert_eq!(response.status, 200, "{:?}", response.text());
        Missing::decode(&response.body).unwrap().parts
    }

    pub(crate) async fn put(&self, blob: &Blob, part: usize) -> Response {
        self.ask("PUT", &blob.part_path(part), "", blob.part(part)).await
    }

    pub(crate) async fn get(&self, blob: &Blob) -> Response {
        self.ask("GET", &blob.path(), "", &[]).await
    }

    pub(crate) async fn range(&self, blob: &Blob, range: &str) -> Response {
        self.ask("GET", &blob.path(), &format!("Range: {range}\r\n"), &[]).await
    }

    /// Reserves and sends whatever is missing.
    pub(crate) async fn send(&self, circle: CircleId, blob: &Blob) {
        for part in self.missing(circle, blob).await {
            assert_eq!(self.put(blob, part as usize).await.status, 204);
        }
    }
}

/// A house with a director, an educator and two families, and a child circle for each.
pub(crate) struct Kita {
    pub(crate) house: House,
    pub(crate) desk: Client,
    pub(crate) director: Device,
    pub(crate) educator: Device,
    pub(crate) parent: Device,
    pub(crate) stranger: Device,
    /// The parent's child, and the parent's own thread.
    pub(crate) child: CircleId,
    pub(crate) private: CircleId,
    /// The other family's child.
    pub(crate) other_child: CircleId,
}

impl Kita {
    pub(crate) async fn on(relay: &TestRelay) -> Self {
        Self::at(relay.address).await
    }

    pub(crate) async fn at(address: SocketAddr) -> Self {
        let mut house = Client::new_house(address).await;
        let director = house.names.director.clone();
        let mut desk = Client::member(address, &house, &director).await;
        let (educator, parent) = (Device::new("educator"), Device::new("parent"));
        let stranger = Device::new("parent of another family");
        house.admit(&mut desk, address, &educator, Role::Educator).await;
        house.admit(&mut desk, address, &parent, Role::Guardian).await;
        house.admit(&mut desk, address, &stranger, Role::Guardian).await;
        let (child, private) = (circle("child"), circle("private"));
        let other_child = circle("other child");
        let team = house.names.team;
        house.let_read(&mut desk, team, &educator).await;
        let mut draft = house.draft();
        let fresh =
            |circle, sort| CircleNew { circle, sort, team: None, child: None, guardian: None, persons: None };
        for (id, guardian) in [(child, &parent), (other_child, &stranger)] {
            draft.circle(&director, fresh(id, Sort::Child));
            draft.member(&director, id, Who::Circle(team));
            draft.member(&director, id, Who::Person(guardian.person));
        }
        let thread =
            CircleNew { child: Some(child), guardian: Some(parent.person), ..fresh(private, Sort::Private) };
        draft.circle(&director, thread);
        draft.member(&director, private, Who::Person(parent.person));
        draft.member(&director, private, Who::Circle(team));
        for id in [child, other_child, private] {
            draft.epoch(&director, id);
        }
        desk.commit(&mut house, draft).await;
        Self { house, desk, director, educator, parent, stranger, child, private, other_child }
    }

    /// A ticket of the director, whose session is open.
    pub(crate) async fn courier(&mut self, address: SocketAddr) -> Courier {
        Courier::of(address, &mut self.desk).await
    }

    /// The director sends a blob and lets a circle keep it.
    pub(crate) async fn share(&mut self, courier: &Courier, circle: CircleId, blob: &Blob) {
        courier.send(circle, blob).await;
        let mut draft = self.house.draft();
        draft.hold(&self.director, circle, &[blob.id()]);
        self.desk.commit(&mut self.house, draft).await;
    }
}
