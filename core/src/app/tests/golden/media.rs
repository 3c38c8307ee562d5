//! What of pictures and files crosses the edge.

use super::{AT, id, secret};
use crate::app::Reply;
use crate::app::command::{Command, SealedArgs, TakenFile};
use crate::app::view::MediaTarget;
use crate::engine::{BlobKey, MediaKeys, MediaRow, OriginalKey, OwnBlobKey, Upload};
use crate::media::MediaFault;
use crate::transfers::MediaKind;

/// Commands that no page gives.
pub(super) fn host_commands() -> Vec<(Command, Reply)> {
    let file = |kind| {
        let (name, alt) = ("IMG_1.HEIC".into(), "Laternen".into());
        TakenFile { id: id(), kind, name, alt, secret: secret(), bytes: 4_000_000 }
    };
    let files = vec![file(MediaKind::Picture), file(MediaKind::File)];
    let sealed = || SealedArgs { id: id().repeat(2), secret: secret(), bytes: 350_000, sealed: 360_000 };
    let ready = Command::MediaReady {
        id: id(),
        full: sealed(),
        thumb: Some(sealed()),
        width: Some(1600),
        height: Some(1200),
        hash: Some("3807".into()),
    };
    vec![
        (Command::TakeMedia { to: MediaTarget::House(true), set: id(), files }, Reply::empty()),
        (ready, Reply::empty()),
        (Command::MediaFailed { id: id(), fault: MediaFault::Lost }, Reply::empty()),
        (Command::MediaSent { id: id() }, Reply::empty()),
    ]
}

pub(super) fn uploads() -> Vec<Upload> {
    let blob = || OwnBlobKey { id: id().repeat(2), secret: secret(), bytes: 350_000, sealed: 360_000 };
    let upload = |stage: &'static str, kind| Upload {
        id: id(),
        stage,
        kind,
        name: "IMG_1.HEIC".into(),
        circle: id(),
        original: (stage == "kept").then(|| OriginalKey { secret: secret(), bytes: 4_000_000 }),
        blobs: if stage == "kept" { Vec::new() } else { vec![blob(), blob()] },
        order: 1,
    };
    vec![
        upload("kept", MediaKind::Picture),
        upload("ready", MediaKind::Picture),
        upload("sent", MediaKind::File),
    ]
}

pub(super) fn keys() -> Vec<MediaKeys> {
    let blob = || BlobKey { id: id().repeat(2), secret: secret(), bytes: 350_000 };
    vec![MediaKeys { full: blob(), thumb: Some(blob()) }, MediaKeys { full: blob(), thumb: None }]
}

pub(super) fn index() -> Vec<MediaRow> {
    let row = |thumb: Option<String>| MediaRow { item: id(), full: id().repeat(2), thumb, at: AT };
    vec![row(Some(id().repeat(2))), row(None)]
}
