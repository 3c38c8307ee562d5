//! What would a thief of the whole server read? People use the real app in real browsers against a real relay; then everything the
//! server has, and everything that went over the line, is searched for what they wrote and for the pictures they shared.

mod canaries;
mod columns;
mod encodings;
mod jpeg;
mod photos;
mod places;
mod plant;
mod search;
mod sought;
mod sqlite;
mod streams;
mod traffic;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::command::{command, succeeds};
use crate::progress::{Step, note};
use crate::setup::{self, Needs};
use crate::verdict::{Verdict, WrongUse};
use crate::workspace::Workspace;
use crate::{ConsentArgs, relay, wasm, web};

use self::photos::{Offered, State};
use self::plant::Planted;
use self::search::Needles;
use self::sought::{Origin, Sought};

/// Names a relay, with the app inside, that is taken as it is; nothing is built then. The browser tests know it too.
const RELAY_VARIABLE: &str = "NESTPOST_BIN";
/// Names a folder for pictures of what stood on the screens when a step failed. They show what was written.
const PICTURES_VARIABLE: &str = "NESTPOST_PICTURES";

#[derive(Debug, Args)]
pub(crate) struct LeakDrillArgs {
    /// Texts to write and to search for, one per line, UTF-8 [default: a set of names, addresses, accounts and diagnoses].
    #[arg(long, value_name = "FILE")]
    canaries: Option<PathBuf>,
    /// A folder of pictures to share [default: photos drawn for the occasion, with everything that cameras write into theirs].
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// The folder for report.json.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// `report.json`. Keys are never renamed; no text that was written stands in it.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// Texts that were to be written.
    canaries: usize,
    /// Texts that were seen in the browser of somebody other than their author.
    delivered: usize,
    /// Whether what was planted in clear was found, in every encoding.
    planted_found: bool,
    bytes_searched: u64,
    bytes_by_place: BTreeMap<&'static str, u64>,
    photos: Shared,
    /// Attachments.
    files: Shared,
    hits: Vec<Hit>,
    /// Bytes of the app's own files in the traffic: public, and written before anybody wrote anything. Not searched.
    app_bytes: u64,
    /// Why the drill proves nothing, if so.
    problems: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Shared {
    /// Chosen in a browser.
    offered: usize,
    /// Seen in the browser of somebody else, as they were.
    delivered: usize,
    /// Set aside by the app, with a reason.
    refused: usize,
}

impl Shared {
    fn count(offered: &[Offered]) -> Self {
        let count = |state| offered.iter().filter(|one| one.state == state).count();
        Self { offered: offered.len(), delivered: count(State::Delivered), refused: count(State::Refused) }
    }

    fn is_complete(&self) -> bool {
        self.delivered + self.refused == self.offered
    }
}

/// Something readable where nothing may be. `canary`, `photo` and `file` all `null`: a code of a letter or of the recovery sheet,
/// or what stands in every picture.
#[derive(Debug, Default, Serialize)]
struct Hit {
    /// Its place among the canaries, from 0.
    canary: Option<usize>,
    /// Its place among the pictures offered, by name, from 0.
    photo: Option<usize>,
    /// Its place among the attachments.
    file: Option<usize>,
    place: &'static str,
    encoding: String,
}

impl Hit {
    fn new(origin: Origin, place: &'static str, encoding: String) -> Self {
        let hit = Self { place, encoding, ..Self::default() };
        match origin {
            Origin::Canary(index) => Self { canary: Some(index), ..hit },
            Origin::Photo(index) => Self { photo: Some(index), ..hit },
            Origin::File(index) => Self { file: Some(index), ..hit },
            Origin::Code | Origin::Mark => hit,
        }
    }

    fn describe(&self) -> String {
        match (self.canary, self.photo, self.file) {
            (Some(index), _, _) => format!("canary {index}"),
            (_, Some(index), _) => format!("photo {index}"),
            (_, _, Some(index)) => format!("file {index}"),
            (None, None, None) => "a code on paper, or a mark of pictures".to_owned(),
        }
    }
}

impl Report {
    fn holds(&self) -> bool {
        self.hits.is_empty()
            && self.planted_found
            && self.delivered == self.canaries
            && self.photos.is_complete()
            && self.files.is_complete()
            && self.problems.is_empty()
    }

    fn write(&self, out: &Path) -> Result<()> {
        let path = out.join("report.json");
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        fs::write(&path, text).with_context(|| path.display().to_string())
    }
}

/// What the browser's part is told.
#[derive(Debug, Serialize)]
struct Order<'a> {
    relay: PathBuf,
    chromium: Option<PathBuf>,
    canaries: &'a [String],
    /// `None`: some are drawn.
    photos: Option<&'a [PathBuf]>,
    work: &'a Path,
    pictures: Option<PathBuf>,
}

/// What the browser's part says.
#[derive(Debug, Default, Deserialize)]
struct Outcome {
    delivered: Vec<usize>,
    /// Codes on paper; they open the house and must not be readable either.
    secrets: Vec<String>,
    #[serde(default)]
    photos: Vec<Offered>,
    #[serde(default)]
    files: Vec<Offered>,
    error: Option<String>,
}

/// `cargo xtask leak-drill`
pub(crate) fn run(workspace: &Workspace, args: &LeakDrillArgs) -> Result<Verdict> {
    let canaries = canaries::read(args.canaries.as_deref())?;
    let photos = args.photos.as_deref().map(photos::list).transpose()?;
    let out = std::path::absolute(&args.out)?;
    fs::create_dir_all(&out).map_err(|error| WrongUse(format!("--out {}: {error}", args.out.display())))?;

    let mut report = Report { canaries: canaries.len(), ..Report::default() };
    if let Err(error) = drill(workspace, args.consent, &canaries, photos.as_deref(), &mut report) {
        eprintln!("error: {error:#}");
        report.problems.push(format!("{error:#}"));
    }
    report.write(&out)?;
    for problem in &report.problems {
        note(problem);
    }
    println!("{:<10} {:>12}", "place", "bytes");
    for (place, bytes) in &report.bytes_by_place {
        println!("{place:<10} {bytes:>12}");
    }
    for hit in &report.hits {
        println!("readable: {} in {} ({})", hit.describe(), hit.place, hit.encoding);
    }
    Ok(Verdict::when(report.holds())
        .with("canaries", report.canaries)
        .with("delivered", report.delivered)
        .with("photos", report.photos.offered)
        .with("photos_delivered", report.photos.delivered)
        .with("photos_refused", report.photos.refused)
        .with("hits", report.hits.len())
        .with("planted_found", report.planted_found)
        .with("bytes_searched", report.bytes_searched))
}

/// Fills the report as far as it comes.
fn drill(
    workspace: &Workspace,
    consent: ConsentArgs,
    canaries: &[String],
    photos: Option<&[PathBuf]>,
    report: &mut Report,
) -> Result<()> {
    let built = std::env::var_os(RELAY_VARIABLE).map(PathBuf::from);
    let needs = Needs { wasm: built.is_none(), node: true, tests: true, ..Needs::default() };
    let tools = setup::prepare(workspace, needs, consent)?;
    let relay = match built {
        Some(relay) => std::path::absolute(relay)?,
        None => {
            wasm::build(workspace, &tools)?;
            web::build(workspace)?;
            relay::build_release(workspace)?;
            relay::release_binary(workspace, relay::RELAY)
        }
    };

    let folder = tempfile::tempdir()?;
    let pictures = std::env::var_os(PICTURES_VARIABLE).map(std::path::absolute).transpose()?;
    let order = Order { relay, chromium: tools.chromium, canaries, photos, work: folder.path(), pictures };
    let outcome = browse(workspace, &order)?;
    report.delivered = outcome.delivered.len();
    report.photos = Shared::count(&outcome.photos);
    report.files = Shared::count(&outcome.files);
    report.problems.extend(outcome.error);

    let step = Step::start("everything is searched");
    for (index, photo) in outcome.photos.iter().enumerate() {
        let spare = photos::spare(photo)?;
        report.problems.extend(spare.iter().map(|what| format!("photo {index} was delivered with {what}")));
    }
    let sought = Sought::new(canaries, &outcome.secrets, &outcome.photos, &outcome.files)?;
    let needles = Needles::new(&sought.needles)?;
    plant(&sought.planted(canaries), folder.path(), &needles, report)?;
    let app = places::app_files(&workspace.web_dist())?;
    let searched = places::search(folder.path(), &needles, &app)?;
    report.bytes_searched = searched.bytes.values().sum();
    report.bytes_by_place = searched.bytes;
    report.app_bytes = searched.app_bytes;
    report.problems.extend(searched.problems);
    report.problems.extend(columns::compare(workspace, &order.relay, &folder.path().join("data"))?);
    report.hits = searched
        .found
        .into_iter()
        .map(|(place, found)| Hit::new(sought.origin(found.needle), place, found.encoding))
        .collect();
    step.done();
    Ok(())
}

/// Whether the search finds what it must.
fn plant(planted: &[Planted<'_>], work: &Path, needles: &Needles, report: &mut Report) -> Result<()> {
    report.planted_found = !planted.is_empty();
    for planted in planted {
        let mut missed = plant::missed(needles, planted)?;
        missed.extend(plant::missed_on_disk(work, needles, planted)?);
        report.planted_found &= missed.is_empty();
        report.problems.extend(missed.iter().map(|way| format!("planted and not found: {way}")));
    }
    Ok(())
}

/// People found a house, join, write and read, each in a browser of their own.
fn browse(workspace: &Workspace, order: &Order<'_>) -> Result<Outcome> {
    let step = Step::start("people write in browsers");
    // Outside the folders that are searched.
    let paper = order.work.join("order.json");
    fs::write(&paper, serde_json::to_vec(order)?)?;
    let holds = succeeds(command("node", &workspace.web()).arg("drill/run.mjs").arg(&paper))?;
    let result = order.work.join("result.json");
    let mut outcome: Outcome = match fs::read(&result) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).context("the browser's part left an unreadable result")?
        }
        Err(_) => Outcome::default(),
    };
    if holds {
        step.done();
    } else if outcome.error.is_none() {
        outcome.error = Some("the browser's part broke off".to_owned());
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Hit, LeakDrillArgs, Origin, Report, Shared, run};
    use crate::ConsentArgs;
    use crate::verdict::WrongUse;
    use crate::workspace::Workspace;

    fn good() -> Report {
        Report { canaries: 3, delivered: 3, planted_found: true, ..Report::default() }
    }

    #[test]
    fn drill_holds_only_if_everything_does() {
        assert!(good().holds());
        assert!(!Report { delivered: 2, ..good() }.holds());
        assert!(!Report { planted_found: false, ..good() }.holds());
        assert!(!Report { problems: vec!["no".to_owned()], ..good() }.holds());
        let hit = Hit::new(Origin::Mark, "logs", "utf-8 nfc".to_owned());
        assert!(!Report { hits: vec![hit], ..good() }.holds());
        let refused = Shared { offered: 3, delivered: 2, refused: 1 };
        assert!(Report { photos: refused, ..good() }.holds());
        let lost = Shared { offered: 3, delivered: 2, refused: 0 };
        assert!(!Report { photos: lost, ..good() }.holds());
        assert!(!Report { files: Shared { offered: 1, ..Shared::default() }, ..good() }.holds());
    }

    #[test]
    fn report_has_its_keys() {
        let dir = tempfile::tempdir().unwrap();
        let hits = vec![Hit::new(Origin::Canary(1), "logs", "utf-8 nfc".to_owned())];
        Report { hits, ..good() }.write(dir.path()).unwrap();
        let text = std::fs::read_to_string(dir.path().join("report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["canaries"], 3);
        assert_eq!(report["delivered"], 3);
        assert_eq!(report["planted_found"], true);
        assert_eq!(report["photos"], serde_json::json!({ "offered": 0, "delivered": 0, "refused": 0 }));
        assert_eq!(
            report["hits"][0],
            serde_json::json!(
                { "canary": 1, "photo": null, "file": null, "place": "logs", "encoding": "utf-8 nfc" }
            )
        );
        assert!(report["bytes_searched"].is_u64() && report["bytes_by_place"].is_object());
    }

    #[test]
    fn wrong_use_is_said_before_anything_is_built() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(dir.path());
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let out = dir.path().join("out");
        let attempt = |canaries: Option<PathBuf>, photos: Option<PathBuf>, out: PathBuf| {
            let args = LeakDrillArgs { canaries, photos, out, consent: ConsentArgs { yes: false } };
            run(&workspace, &args).unwrap_err().is::<WrongUse>()
        };
        assert!(attempt(Some(file.clone()), None, out.clone()));
        assert!(attempt(None, Some(dir.path().join("none")), out.clone()));
        assert!(attempt(None, Some(dir.path().to_owned()), out));
        assert!(attempt(None, None, file.join("out")));
    }
}
