//! `nestpost-demo`: founds and fills the demo house "Kita Spatzennest" through the real client core, prints the invites
//! that are left for people, and stays at the door.
//!
//! Everything in it is invented. The house's own devices live in `DIR/devices`; a second run opens them again.

mod album;
mod letter;
mod paint;
mod scenes;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use nestpost_client::{ChosenFile, Clock, Device, Options};
use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::{AbsenceKind, GroupSymbol, Letter, MediaTarget, PendingJoin, Role, Thread};
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_core::engine::FoundArgs;
use nestpost_core::transfers::MediaKind;
use tokio::task::JoinHandle;

use album::Album;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// Fills a relay with the demo house and stays at its door.
#[derive(Parser)]
struct Args {
    /// Origin of the relay.
    #[arg(long, default_value = "http://localhost:8787")]
    relay: String,
    /// Folder for the demo house's own devices.
    #[arg(long)]
    data: PathBuf,
    /// A folder of JPEG and PNG files to show, instead of drawn pictures.
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// Fill, print, and end instead of staying at the door.
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let note = args.data.join("invites.txt");
    let director = if Device::is_there(&args.data.join("devices/sabine")) && note.exists() {
        eprintln!("The demo house is there already.");
        Device::open(options(&args, "sabine", &Clock::system()))?
    } else {
        let (director, text) = fill(&args).await?;
        fs::write(&note, text)?;
        director
    };
    print!("{}", fs::read_to_string(&note)?);
    std::io::stdout().flush()?;
    if args.once {
        director.close().await;
        return Ok(());
    }
    tokio::select! {
        result = stay_at_the_door(&director) => result?,
        result = tokio::signal::ctrl_c() => result?,
    }
    director.close().await;
    Ok(())
}

fn options(args: &Args, name: &str, clock: &Clock) -> Options {
    Options { origin: args.relay.clone(), folder: args.data.join("devices").join(name), clock: clock.clone() }
}

/// Lets staff in at once, so that whoever tries the demo as director can confirm the parents.
async fn stay_at_the_door(director: &Device) -> Result<()> {
    let mut told = std::collections::BTreeSet::new();
    loop {
        let view = director
            .until_view(Query::PendingJoins(NoArgs {}), |view| match view {
                View::PendingJoins(joins) => joins.iter().any(|join| !told.contains(&join.id)),
                _ => false,
            })
            .await?;
        let View::PendingJoins(joins) = view else { continue };
        for join in joins {
            if !told.insert(join.id.clone()) {
                continue;
            }
            if join.role == Role::Guardian {
                eprintln!(
                    "A parent is at the door: compare the digits and confirm in the director's window."
                );
            } else {
                director.command(Command::ConfirmJoin { join: join.id }).await?;
            }
        }
    }
}

struct Fill<'a> {
    args: &'a Args,
    clock: Clock,
    director: Device,
    /// Drawn or read meanwhile.
    album: JoinHandle<Result<Album>>,
}

async fn fill(args: &Args) -> Result<(Device, String)> {
    let photos = args.photos.clone();
    let album = tokio::task::spawn_blocking(move || match photos {
        Some(folder) => album::of_folder(&folder),
        None => album::drawn(),
    });
    progress("founding Kita Spatzennest");
    let clock = Clock::system();
    clock.shift(-24 * DAY_MS);
    let (director, sheet) = Device::found(
        options(args, "sabine", &clock),
        FoundArgs {
            house_name: "Kita Spatzennest".into(),
            director_name: "Sabine Hoffmann".into(),
            help_line: "0351 4960 123".into(),
            notice: NOTICE.into(),
            setup_code: None,
        },
    )?;
    director.until(|house| house.stage == "member" && house.waiting == 0).await?;
    director.command(Command::ConfirmSheetPrinted(NoArgs {})).await?;
    let mut fill = Fill { args, clock, director, album };
    let text = fill.everything(&sheet).await?;
    Ok((fill.director, text))
}

impl Fill<'_> {
    async fn everything(&mut self, sheet: &str) -> Result<String> {
        progress("groups, children and their guardians");
        let hedgehogs =
            self.id(Command::CreateGroup { name: "Igel".into(), symbol: GroupSymbol::Hedgehog }).await?;
        let squirrels = self
            .id(Command::CreateGroup { name: "Eichhörnchen".into(), symbol: GroupSymbol::Squirrel })
            .await?;
        let mut children = BTreeMap::new();
        for (name, group) in [
            ("Mila Brandt", &hedgehogs),
            ("Emil Keller", &hedgehogs),
            ("Aylin Yılmaz", &hedgehogs),
            ("Oskar Lindner", &hedgehogs),
            ("Frieda Neumann", &squirrels),
            ("Tomasz Nowak", &squirrels),
            ("Leyla Haddad", &squirrels),
            ("Anton Oberschwarzenbacher", &squirrels),
        ] {
            let id = self.id(Command::CreateChild { name: name.into(), group: group.clone() }).await?;
            children.insert(name, id);
        }
        let mut guardians = BTreeMap::new();
        for (name, child) in [
            ("Lena Brandt", "Mila Brandt"),
            ("Tobias Brandt", "Mila Brandt"),
            ("Jonas Keller", "Emil Keller"),
            ("Elif Yılmaz", "Aylin Yılmaz"),
            ("Katrin Lindner", "Oskar Lindner"),
            ("Paul Neumann", "Frieda Neumann"),
            ("Agnieszka Nowak", "Tomasz Nowak"),
            ("Samira Haddad", "Leyla Haddad"),
            ("Maximiliane-Sophie Oberschwarzenbacher", "Anton Oberschwarzenbacher"),
        ] {
            let child = child_id(&children, child)?;
            let reply =
                self.act(Command::CreateGuardian { name: name.into(), child, relation: None }).await?;
            guardians.insert(name, person(reply)?);
        }
        let maria = self.staff("Maria Schubert", StaffRole::Educator, &[&hedgehogs]).await?;
        let jan = self.staff("Jan Krüger", StaffRole::Educator, &[&hedgehogs, &squirrels]).await?;
        self.settled(&self.director).await?;

        progress("devices of an educator and three parents join and are confirmed");
        let educator = self.admit(&maria, "maria").await?;
        let elif = self.admit(guardian(&guardians, "Elif Yılmaz")?, "elif").await?;
        let tobias = self.admit(guardian(&guardians, "Tobias Brandt")?, "tobias").await?;
        let paul = self.admit(guardian(&guardians, "Paul Neumann")?, "paul").await?;

        progress("some weeks of bulletins, messages and absences");
        for (days, hour, who, group, title, body) in bulletins(&hedgehogs, &squirrels) {
            self.at(days, hour);
            let device = if who == "maria" { &educator } else { &self.director };
            device
                .command(Command::PostBulletin { group, title: title.into(), body: body.into(), set: None })
                .await?;
        }
        self.at(-9, 7);
        self.absent(&elif, &children, "Aylin Yılmaz", AbsenceKind::Sick, -9, -7, "Fieber seit der Nacht.")
            .await?;
        self.at(-3, 6);
        self.absent(&paul, &children, "Frieda Neumann", AbsenceKind::Away, -3, -3, "Zahnarzt.").await?;
        self.at(0, 0);
        self.absent(&tobias, &children, "Mila Brandt", AbsenceKind::Sick, 0, 1, "Husten und Schnupfen.")
            .await?;
        self.pictures(&educator, &hedgehogs, child_id(&children, "Mila Brandt")?).await?;
        self.talk(&elif, &educator, &ABOUT_AYLIN).await?;
        self.talk(&tobias, &educator, &ABOUT_MILA).await?;
        self.clock.shift(0);
        for device in [&educator, &elif, &tobias, &paul, &self.director] {
            self.settled(device).await?;
        }

        progress("letters for you");
        let deputy = self.staff("Martin Vogel", StaffRole::Director, &[]).await?;
        let letters = [
            ("Director (Martin Vogel): people, letters, who waits at the door", self.letter(&deputy).await?),
            ("Educator (Jan Krüger): today's list of both groups", self.letter(&jan).await?),
            (
                "Parent (Lena Brandt): Mila, whose father has reported her sick today",
                self.letter(guardian(&guardians, "Lena Brandt")?).await?,
            ),
            ("Parent (Jonas Keller): Emil", self.letter(guardian(&guardians, "Jonas Keller")?).await?),
        ];
        self.settled(&self.director).await?;
        for device in [educator, elif, tobias, paul] {
            device.close().await;
        }
        Ok(describe(&self.args.relay, &letters, sheet))
    }

    /// Two sets for a group, one with a bulletin, two pictures for a child, and a letter for everybody.
    async fn pictures(&mut self, educator: &Device, group: &str, child: String) -> Result<()> {
        progress("pictures and a letter");
        let Album { garden, inside, milas } = (&mut self.album).await??;
        let to_group = || MediaTarget::Group(group.to_owned());
        self.at(-7, 2);
        let letter = ChosenFile {
            kind: MediaKind::File,
            name: "Elternbrief Laternenfest.pdf".into(),
            alt: String::new(),
            bytes: letter::lantern_walk(),
        };
        let set = Some(chosen(&self.director, MediaTarget::House(true), vec![letter]).await?);
        let (title, body) = ("Elternbrief zum Laternenfest".into(), "Alles Wichtige steht im Brief.".into());
        self.director.command(Command::PostBulletin { group: None, title, body, set }).await?;
        self.at(-5, 4);
        let set = Some(chosen(educator, to_group(), garden).await?);
        let (title, body) =
            ("Ein Vormittag im Herbst".into(), "Blätter, Kastanien und Igel: Das war unsere Woche.".into());
        let group = Some(group.to_owned());
        educator.command(Command::PostBulletin { group, title, body, set }).await?;
        self.at(-2, 3);
        chosen(educator, to_group(), inside).await?;
        self.at(-1, 4);
        chosen(educator, MediaTarget::Child(child), milas).await?;
        Ok(())
    }

    fn at(&self, days: i64, hour_shift: i64) {
        self.clock.shift(days * DAY_MS - hour_shift * HOUR_MS);
    }

    fn day(&self, days: i64) -> String {
        let now = i64::try_from(Clock::system().now().millis()).unwrap_or(0) + days * DAY_MS;
        let date =
            jiff::Timestamp::from_millisecond(now).map(|t| t.to_zoned(jiff::tz::TimeZone::system()).date());
        date.map(|d| d.to_string()).unwrap_or_default()
    }

    /// A membership change, through to the relay: the next one builds upon it.
    async fn act(&self, command: Command) -> Result<Reply> {
        let reply = self.director.command(command).await?;
        self.settled(&self.director).await?;
        Ok(reply)
    }

    async fn id(&self, command: Command) -> Result<String> {
        match self.act(command).await? {
            Reply::Id { id } => Ok(id),
            _ => bail!("no id in the answer"),
        }
    }

    async fn staff(&self, name: &str, role: StaffRole, groups: &[&String]) -> Result<String> {
        let groups = groups.iter().map(|g| (*g).clone()).collect();
        person(self.act(Command::CreateStaff { name: name.into(), role, groups, until: None }).await?)
    }

    async fn letter(&self, person: &str) -> Result<Letter> {
        let command = Command::CreateInvite { person: person.to_owned(), valid_days: 30 };
        match self.act(command).await? {
            Reply::Letter(letter) => Ok(*letter),
            _ => bail!("no letter in the answer"),
        }
    }

    async fn settled(&self, device: &Device) -> Result<()> {
        device.until(|house| house.waiting == 0 && house.link == "online").await?;
        Ok(())
    }

    /// Letter, join, confirmation: the way everybody comes in.
    async fn admit(&self, person: &str, folder: &str) -> Result<Device> {
        let letter = self.letter(person).await?;
        self.settled(&self.director).await?;
        let device = Device::join(options(self.args, folder, &self.clock), &letter.code).await?;
        let join = self.pending(person).await?;
        self.director.command(Command::ConfirmJoin { join: join.id }).await?;
        device.until(|house| house.stage == "member" && house.link == "online").await?;
        Ok(device)
    }

    async fn pending(&self, person: &str) -> Result<PendingJoin> {
        let view = self
            .director
            .until_view(Query::PendingJoins(NoArgs {}), |view| match view {
                View::PendingJoins(joins) => joins.iter().any(|join| join.person == person),
                _ => false,
            })
            .await?;
        match view {
            View::PendingJoins(joins) => {
                joins.into_iter().find(|join| join.person == person).context("a join")
            }
            _ => bail!("no joins in the answer"),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one absence, told in one line")]
    async fn absent(
        &self,
        device: &Device,
        children: &BTreeMap<&str, String>,
        child: &str,
        kind: AbsenceKind,
        from: i64,
        to: i64,
        note: &str,
    ) -> Result<()> {
        let child = child_id(children, child)?;
        let command =
            Command::ReportAbsence { child, kind, from: self.day(from), to: self.day(to), note: note.into() };
        device.command(command).await?;
        Ok(())
    }

    async fn talk(&self, parent: &Device, educator: &Device, lines: &[Line]) -> Result<()> {
        let mine = threads(parent.query(Query::Threads(NoArgs {})).await?);
        let thread = mine.first().context("a parent has a thread")?.id.clone();
        for &(days, hour, from_parent, text) in lines {
            self.at(days, hour);
            let device = if from_parent { parent } else { educator };
            device
                .until_view(
                    Query::Threads(NoArgs {}),
                    |view| matches!(view, View::Threads(all) if all.iter().any(|t| t.id == thread)),
                )
                .await?;
            device
                .command(Command::SendMessage { thread: thread.clone(), text: text.into(), set: None })
                .await?;
            self.settled(device).await?;
        }
        Ok(())
    }
}

/// Takes files in; answers their set.
async fn chosen(device: &Device, to: MediaTarget, files: Vec<ChosenFile>) -> Result<String> {
    let set = Device::new_set();
    for taken in device.add_media(to, &set, files).await? {
        taken.context("a picture of the demo cannot be shown")?;
    }
    Ok(set)
}

/// Days from today, hours before now, whether the parent writes, and what.
type Line = (i64, i64, bool, &'static str);

const ABOUT_AYLIN: [Line; 4] = [
    (
        -8,
        9,
        true,
        "Guten Morgen, Aylin geht es besser. Darf sie morgen wieder kommen, wenn sie fieberfrei ist?",
    ),
    (-8, 8, false, "Schön zu hören! Nach 24 Stunden ohne Fieber gern. Gute Besserung."),
    (-2, 7, true, "Aylins Gummistiefel sind zu klein geworden, ich bringe morgen neue mit."),
    (-2, 5, false, "Danke, wir haben so lange welche aus dem Fundus genommen."),
];

const ABOUT_MILA: [Line; 3] = [
    (-15, 6, true, "Mila holt heute ausnahmsweise meine Schwester ab, sie steht auf der Liste."),
    (-15, 4, false, "Alles klar, wir geben es in der Gruppe weiter."),
    (-1, 8, true, "Mila hat schlecht geschlafen und ist heute etwas müde."),
];

fn threads(view: View) -> Vec<Thread> {
    match view {
        View::Threads(threads) => threads,
        _ => Vec::new(),
    }
}

fn person(reply: Reply) -> Result<String> {
    match reply {
        Reply::Person { person } => Ok(person),
        _ => bail!("no person in the answer"),
    }
}

fn child_id(children: &BTreeMap<&str, String>, name: &str) -> Result<String> {
    children.get(name).cloned().context("a child of the demo")
}

fn guardian<'a>(guardians: &'a BTreeMap<&str, String>, name: &str) -> Result<&'a String> {
    guardians.get(name).context("a guardian of the demo")
}

fn progress(what: &str) {
    eprintln!("  demo: {what}");
}

fn describe(relay: &str, letters: &[(&str, Letter)], sheet: &str) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "\nKita Spatzennest is open: {relay}\n\nInvites (each works once; open each in its own browser profile or private window):\n"
    );
    for (who, letter) in letters {
        let _ = write!(text, "\n  {who}\n    link  {}\n    code  {}\n", letter.link, letter.code);
    }
    let _ = write!(
        text,
        "\nRecovery sheet of the demo house: {sheet}\n\nTry: open the director first (let in at once), then a parent: the director sees\n\
         six groups of digits, compares and confirms. Report the child sick as the parent, with the network switched\n\
         off if you like, and watch it arrive in the educator's list. Show the group pictures as the educator.\n\
         Look into the data folder: nothing is readable.\n"
    );
    text
}

type Told<'a> = (i64, i64, &'a str, Option<String>, &'a str, &'a str);

fn bulletins<'a>(hedgehogs: &str, squirrels: &str) -> Vec<Told<'a>> {
    vec![
        (
            -20,
            4,
            "sabine",
            None,
            "Willkommen bei Nestpost",
            "Liebe Eltern, ab heute erreichen Sie uns hier. Was Sie schreiben, können nur die Kita und Sie lesen.",
        ),
        (
            -13,
            5,
            "sabine",
            None,
            "Brückentag",
            "Am Freitag vor dem zweiten Advent bleibt die Kita geschlossen. Bitte melden Sie sich, wenn Sie eine Notbetreuung brauchen.",
        ),
        (
            -6,
            3,
            "maria",
            Some(hedgehogs.to_owned()),
            "Laternenfest",
            "Unsere Laternen sind fertig. Wir treffen uns am Donnerstag um 17 Uhr am Tor, bitte an warme Jacken denken.",
        ),
        (
            -4,
            2,
            "sabine",
            Some(squirrels.to_owned()),
            "Waldtag",
            "Am Mittwoch gehen wir in den Wald. Bitte Matschhose, Gummistiefel und eine kleine Brotdose mitgeben.",
        ),
        (
            -1,
            6,
            "maria",
            Some(hedgehogs.to_owned()),
            "Kastanien gesucht",
            "Wer hat noch Kastanien und Eicheln? Wir basteln nächste Woche Igel.",
        ),
    ]
}

const NOTICE: &str = "Verantwortlich: Träger Kita Spatzennest e. V. (erfundenes Beispiel). Wir verarbeiten Namen, Anwesenheit, \
Nachrichten und Aushänge, um Ihr Kind zu betreuen (Art. 6 Abs. 1 lit. b DSGVO); Angaben zu Krankheiten nur, soweit Sie \
sie mitteilen (Art. 9 Abs. 2 lit. a DSGVO). Lesen können sie nur die Kita und Sie, Abwesenheiten auch die anderen \
Sorgeberechtigten Ihres Kindes; der Betreiber des Servers speichert allein Verschlüsseltes. Was Sie schreiben, wird am Ende \
des folgenden Monats gelöscht; was die Kita schreibt und zeigt, spätestens nach dreizehn Monaten. Namen bleiben, bis sie gelöscht \
werden. Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung, Übertragbarkeit, Widerspruch und Beschwerde bei der \
Aufsichtsbehörde.";
