//! Everything a thief of the server would have, and a listener on its line.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use super::search::{Found, Needles};
use super::sqlite;
use super::traffic::{AppFiles, read};

/// Places that are always named, also when nothing lies there.
const PLACES: [&str; 6] = ["database", "wal", BLOBS, "logs", "backup", "traffic"];
const BLOBS: &str = "blobs";
/// Whatever else lies in the data folder.
const OTHER: &str = "other";

/// Every sealed record and wrap begins with this. A search that does not see it where sealed bytes must be looks at the wrong bytes.
const SEALED: &str = "age-encryption.org/v1";

/// What a search has gone through.
#[derive(Debug, Default)]
pub(crate) struct Searched {
    /// Bytes gone through by place. A stream counts packed.
    pub(crate) bytes: BTreeMap<&'static str, u64>,
    /// The place of each thing found.
    pub(crate) found: BTreeSet<(&'static str, Found)>,
    /// Bytes of the app's own files in the traffic, which were not searched.
    pub(crate) app_bytes: u64,
    /// Why the search proves nothing.
    pub(crate) problems: BTreeSet<String>,
    /// What was found in bytes gone through already, by their hash: a backup is much like what it is a copy of.
    known: HashMap<[u8; 32], BTreeSet<Found>>,
}

/// Searches what the browser's part of the drill left in `work`.
pub(crate) fn search(work: &Path, needles: &Needles, app: &AppFiles) -> Result<Searched> {
    let mut searched = Searched::default();
    for place in PLACES {
        searched.bytes.insert(place, 0);
    }
    let mut seen = Seen::default();
    for (folder, place) in
        [("data", None), ("running", None), ("backup", Some("backup")), ("logs", Some("logs"))]
    {
        for file in files(&work.join(folder))? {
            let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
            let place_of_bytes = place.unwrap_or_else(|| place_of(&file));
            searched.take(needles, place_of_bytes, &bytes, &[0]);
            seen.blobs |= place_of_bytes == BLOBS && holds_sealed(&bytes);
            if is_database(&file) {
                search_rows(&file, &bytes, place.unwrap_or("database"), needles, &mut searched, &mut seen)?;
            }
        }
    }
    search_traffic(&work.join("traffic"), needles, app, &mut searched, &mut seen)?;
    for place in ["database", BLOBS, "logs", "backup", "traffic"] {
        if searched.bytes.get(place) == Some(&0) {
            searched.problems.insert(format!("nothing to search: {place}"));
        }
    }
    for (what, is_seen) in [
        ("the database", seen.rows),
        ("the folder of blobs", seen.blobs),
        ("what browsers sent", seen.sides[0]),
        ("what the relay sent", seen.sides[1]),
    ] {
        if !is_seen {
            searched.problems.insert(format!("{what} holds nothing sealed"));
        }
    }
    Ok(searched)
}

/// Where sealed bytes were recognised.
#[derive(Debug, Default)]
struct Seen {
    rows: bool,
    blobs: bool,
    sides: [bool; 2],
}

impl Searched {
    fn take(&mut self, needles: &Needles, place: &'static str, bytes: &[u8], starts: &[usize]) {
        *self.bytes.entry(place).or_default() += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.find(needles, place, bytes, starts);
    }

    fn find(&mut self, needles: &Needles, place: &'static str, bytes: &[u8], starts: &[usize]) {
        let found =
            self.known.entry(Sha256::digest(bytes).into()).or_insert_with(|| needles.search(bytes, starts));
        self.found.extend(found.iter().map(|found| (place, found.clone())));
    }
}

/// Rows as they are, whatever pages they are spread over. The bare file has been counted already.
fn search_rows(
    file: &Path,
    database: &[u8],
    place: &'static str,
    needles: &Needles,
    searched: &mut Searched,
    seen: &mut Seen,
) -> Result<()> {
    let wal = match fs::read(with_suffix(file, "-wal")) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        read => read?,
    };
    let Some(rows) = sqlite::rows(database, &wal) else {
        searched.problems.insert(format!("{place}: not a database"));
        return Ok(());
    };
    let mut bytes = Vec::new();
    let mut starts = Vec::new();
    let mut distinct = HashSet::new();
    for row in rows.into_iter().filter(|row| distinct.insert(Sha256::digest(&row.bytes))) {
        starts.push(bytes.len());
        starts.extend(row.starts.iter().map(|start| bytes.len() + start));
        bytes.extend_from_slice(&row.bytes);
    }
    starts.dedup();
    seen.rows |= holds_sealed(&bytes);
    searched.find(needles, place, &bytes, &starts);
    Ok(())
}

fn search_traffic(
    folder: &Path,
    needles: &Needles,
    app: &AppFiles,
    searched: &mut Searched,
    seen: &mut Seen,
) -> Result<()> {
    for file in files(folder)? {
        let Some(connection) = file.to_str().and_then(|path| path.strip_suffix("-client")) else { continue };
        let conversation = read(&fs::read(&file)?, &fs::read(format!("{connection}-relay"))?, app);
        searched.app_bytes += conversation.app_bytes;
        searched.problems.extend(conversation.problems.iter().map(|problem| format!("traffic: {problem}")));
        for ((side, count), seen) in conversation.sides.iter().zip(conversation.messages).zip(&mut seen.sides)
        {
            *seen |= count > 0 && holds_sealed(&side.bytes);
            searched.take(needles, "traffic", &side.bytes, &side.starts);
        }
    }
    Ok(())
}

/// The app's own files.
pub(crate) fn app_files(dist: &Path) -> Result<AppFiles> {
    let contents = files(dist)?.iter().map(fs::read).collect::<Result<_, _>>()?;
    Ok(AppFiles(contents))
}

fn holds_sealed(bytes: &[u8]) -> bool {
    bytes.windows(SEALED.len()).any(|window| window == SEALED.as_bytes())
}

/// All files below a folder, in order; none when there is no such folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn place_of(file: &Path) -> &'static str {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if file.components().any(|part| part.as_os_str() == BLOBS) {
        BLOBS
    } else if is_database(file) {
        "database"
    } else if name.ends_with("-wal") {
        "wal"
    } else {
        OTHER
    }
}

fn is_database(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "sqlite")
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Searched, search};
    use crate::leak_drill::search::{Needle, Needles};
    use crate::leak_drill::traffic::{ACCEPTED, AppFiles, masked_message};

    /// What a run leaves, with `leak` in one of the files.
    fn leave(work: &Path, leaky: &str, leak: &str) {
        let sealed = "age-encryption.org/v1 sealed";
        let text = |file: &str| if file == leaky { format!("{sealed} {leak}") } else { sealed.to_owned() };
        for file in [
            "data/nestpost.sqlite-wal",
            "data/blobs/ab",
            "data/relay.key",
            "logs/relay.log",
            "backup/nestpost.sqlite-wal",
        ] {
            let path = work.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text(file)).unwrap();
        }
        // A database with a single leaf page and a single row.
        let row = text("data/nestpost.sqlite");
        let mut page = vec![0; 512];
        page[..16].copy_from_slice(b"SQLite format 3\0");
        page[16..18].copy_from_slice(&512_u16.to_be_bytes());
        page[100] = 0x0d;
        page[104] = 1;
        page[109] = 200;
        page[200] = u8::try_from(row.len() + 2).unwrap();
        page[201..204].copy_from_slice(&[1, 2, u8::try_from(row.len() * 2 + 13).unwrap() & 0x7f]);
        page[204..204 + row.len()].copy_from_slice(row.as_bytes());
        fs::write(work.join("data/nestpost.sqlite"), page).unwrap();
        fs::create_dir_all(work.join("traffic")).unwrap();
        fs::write(work.join("traffic/0000-client"), masked_message(text("traffic").as_bytes())).unwrap();
        let answer = [ACCEPTED, &[0x82, u8::try_from(sealed.len()).unwrap()], sealed.as_bytes()].concat();
        fs::write(work.join("traffic/0000-relay"), answer).unwrap();
    }

    fn run(leaky: &str) -> Searched {
        let dir = tempfile::tempdir().unwrap();
        leave(dir.path(), leaky, "Emma Brandt");
        search(dir.path(), &needles(), &AppFiles::default()).unwrap()
    }

    fn needles() -> Needles {
        Needles::new(&[Needle::text("", "Emma Brandt".to_owned())]).unwrap()
    }

    #[test]
    fn nothing_is_found_where_nothing_leaks() {
        let searched = run("");
        assert!(searched.found.is_empty(), "{:?}", searched.found);
        assert!(searched.problems.is_empty(), "{:?}", searched.problems);
        assert!(searched.bytes.values().all(|bytes| *bytes > 0), "{:?}", searched.bytes);
    }

    #[test]
    fn leak_is_found_in_every_place() {
        for (file, place) in [
            ("data/nestpost.sqlite", "database"),
            ("data/nestpost.sqlite-wal", "wal"),
            ("data/blobs/ab", "blobs"),
            ("data/relay.key", "other"),
            ("logs/relay.log", "logs"),
            ("backup/nestpost.sqlite-wal", "backup"),
            ("traffic", "traffic"),
        ] {
            let searched = run(file);
            let places: Vec<_> = searched.found.iter().map(|(place, _)| *place).collect();
            assert_eq!(places, [place], "{file}");
        }
    }

    #[test]
    fn missing_place_proves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        leave(dir.path(), "", "");
        fs::remove_file(dir.path().join("logs/relay.log")).unwrap();
        fs::write(dir.path().join("traffic/0000-client"), masked_message(b"not sealed at all")).unwrap();
        fs::write(dir.path().join("data/blobs/ab"), "not sealed either").unwrap();
        let searched = search(dir.path(), &needles(), &AppFiles::default()).unwrap();
        let problems: Vec<_> = searched.problems.iter().map(String::as_str).collect();
        assert_eq!(
            problems,
            [
                "nothing to search: logs",
                "the folder of blobs holds nothing sealed",
                "what browsers sent holds nothing sealed"
            ]
        );
    }
}
