//! What would a thief of the whole server read? People use the real app in real browsers against a real relay; then everything the
//! server has, and everything that went over the line, is searched for what they wrote.

mod canaries;
mod columns;
mod encodings;
mod places;
mod plant;
mod search;
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

use self::search::Needles;

/// Names a relay, with the app inside, that is taken as it is; nothing is built then. The browser tests know it too.
const RELAY_VARIABLE: &str = "NESTPOST_BIN";
/// Names a folder for pictures of what stood on the screens when a step failed. They show what was written.
const PICTURES_VARIABLE: &str = "NESTPOST_PICTURES";

#[derive(Debug, Args)]
pub(crate) struct LeakDrillArgs {
    /// Texts to write and to search for, one per line, UTF-8 [default: a set of names, addresses, accounts and diagnoses].
    #[arg(long, value_name = "FILE")]
    canaries: Option<PathBuf>,
    /// A folder of pictures to share.
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
    photos: Photos,
    hits: Vec<Hit>,
    /// Bytes of the app's own files in the traffic: public, and written before anybody wrote anything. Not searched.
    app_bytes: u64,
    /// Why the drill proves nothing, if so.
    problems: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Photos {
    offered: usize,
    delivered: usize,
    refused: usize,
}

/// Something readable where nothing may be.
#[derive(Debug, Serialize)]
struct Hit {
    /// Its place among the canaries, from 0; `null`: a code of a letter or of the recovery sheet.
    canary: Option<usize>,
    place: &'static str,
    encoding: String,
}

impl Report {
    fn holds(&self) -> bool {
        self.hits.is_empty()
            && self.planted_found
            && self.delivered == self.canaries
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
    work: &'a Path,
    pictures: Option<PathBuf>,
}

/// What the browser's part says.
#[derive(Debug, Default, Deserialize)]
struct Outcome {
    delivered: Vec<usize>,
    /// Codes on paper; they open the house and must not be readable either.
    secrets: Vec<String>,
    error: Option<String>,
}

/// `cargo xtask leak-drill`
pub(crate) fn run(workspace: &Workspace, args: &LeakDrillArgs) -> Result<Verdict> {
    let canaries = canaries::read(args.canaries.as_deref())?;
    if let Some(photos) = args.photos.as_deref().filter(|photos| !photos.is_dir()) {
        return Err(WrongUse(format!("--photos {}: no such folder", photos.display())).into());
    }
    let out = std::path::absolute(&args.out)?;
    fs::create_dir_all(&out).map_err(|error| WrongUse(format!("--out {}: {error}", args.out.display())))?;

    let mut report = Report { canaries: canaries.len(), ..Report::default() };
    if let Err(error) = drill(workspace, args.consent, &canaries, &mut report) {
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
    for Hit { canary, place, encoding } in &report.hits {
        let canary = canary.map_or_else(|| "a code on paper".to_owned(), |canary| format!("canary {canary}"));
        println!("readable: {canary} in {place} ({encoding})");
    }
    Ok(Verdict::when(report.holds())
        .with("canaries", report.canaries)
        .with("delivered", report.delivered)
        .with("hits", report.hits.len())
        .with("planted_found", report.planted_found)
        .with("bytes_searched", report.bytes_searched))
}

/// Fills the report as far as it comes.
fn drill(
    workspace: &Workspace,
    consent: ConsentArgs,
    canaries: &[String],
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
    let order = Order { relay, chromium: tools.chromium, canaries, work: folder.path(), pictures };
    let outcome = browse(workspace, &order)?;
    report.delivered = outcome.delivered.len();
    report.problems.extend(outcome.error);

    let step = Step::start("everything is searched");
    let texts = [canaries, &outcome.secrets].concat();
    let needles = Needles::new(&texts)?;
    if let Some((planted, text)) = canaries.iter().enumerate().next_back() {
        let mut missed = plant::missed(&needles, planted, text)?;
        missed.extend(plant::missed_on_disk(folder.path(), &needles, planted, text)?);
        report.planted_found = missed.is_empty();
        report.problems.extend(missed.iter().map(|encoding| format!("planted and not found: {encoding}")));
    }
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
        .map(|(place, found)| Hit {
            canary: (found.text < canaries.len()).then_some(found.text),
            place,
            encoding: found.encoding,
        })
        .collect();
    step.done();
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

    use super::{Hit, LeakDrillArgs, Photos, Report, run};
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
        let hit = Hit { canary: Some(1), place: "logs", encoding: "utf-8 nfc".to_owned() };
        assert!(!Report { hits: vec![hit], ..good() }.holds());
    }

    #[test]
    fn report_has_its_keys() {
        let dir = tempfile::tempdir().unwrap();
        let hits = vec![Hit { canary: Some(1), place: "logs", encoding: "utf-8 nfc".to_owned() }];
        Report { hits, photos: Photos::default(), ..good() }.write(dir.path()).unwrap();
        let text = std::fs::read_to_string(dir.path().join("report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["canaries"], 3);
        assert_eq!(report["delivered"], 3);
        assert_eq!(report["planted_found"], true);
        assert_eq!(report["photos"], serde_json::json!({ "offered": 0, "delivered": 0, "refused": 0 }));
        assert_eq!(
            report["hits"][0],
            serde_json::json!({ "canary": 1, "place": "logs", "encoding": "utf-8 nfc" })
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
        assert!(attempt(None, Some(dir.path().join("none")), out));
        assert!(attempt(None, None, file.join("out")));
    }
}
