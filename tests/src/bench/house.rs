//! A house with a long log, written by the core's own commands.

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::GroupSymbol;
use nestpost_core::app::{Command, Query, Reply, View};

use crate::world::World;

/// Children of a group.
const GROUP: usize = 24;

/// One director, an educator for each group, and families until the log is long enough.
pub struct BigHouse {
    /// Who still has a device: `dora` directs, `mona` is the first guardian.
    pub world: World,
    group: String,
}

impl BigHouse {
    /// Until the log has this many entries, or a few more.
    #[must_use]
    pub fn with_entries(entries: u64) -> Self {
        let mut house = Self { world: World::new(), group: String::new() };
        house.world.found("dora");
        for family in 0.. {
            if house.entries() >= entries {
                break;
            }
            if family % GROUP == 0 {
                house.open_group();
            }
            house.admit_family(if family == 0 { "mona" } else { "guest" });
        }
        house
    }

    /// Entries of the log, as the director's device has it.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.world.engine("dora").house().log.len()
    }

    fn open_group(&mut self) {
        let group = Command::CreateGroup { name: "Igel".into(), symbol: GroupSymbol::Hedgehog };
        self.group = self.id(group);
        let educator = Command::CreateStaff {
            name: "Erik".into(),
            role: StaffRole::Educator,
            groups: vec![self.group.clone()],
            until: None,
        };
        let educator = self.id(educator);
        self.admit("guest", educator);
    }

    /// A child and two guardians; one of them joins, the other's letter lies at home.
    fn admit_family(&mut self, name: &str) {
        let child = self.id(Command::CreateChild { name: "Carla".into(), group: self.group.clone() });
        let guardian =
            |name: &str| Command::CreateGuardian { name: name.into(), child: child.clone(), relation: None };
        let (first, second) = (guardian("Mona"), guardian("Frank"));
        let first = self.id(first);
        self.admit(name, first);
        let person = self.id(second);
        self.command(Command::CreateInvite { person, valid_days: 14 });
    }

    /// Of most, the device is of no further interest.
    fn admit(&mut self, name: &str, person: String) {
        let Reply::Letter(letter) = self.command(Command::CreateInvite { person, valid_days: 14 }) else {
            panic!("no letter");
        };
        self.world.join(name, &letter.code).unwrap();
        let Ok(View::PendingJoins(joins)) = self.world.query("dora", &Query::PendingJoins(NoArgs {})) else {
            panic!("no joins");
        };
        let join = joins.first().unwrap().id.clone();
        self.command(Command::ConfirmJoin { join });
        assert_eq!(self.world.summary(name).stage, "member");
        if name == "guest" {
            self.world.forget(name);
        }
    }

    fn id(&mut self, command: Command) -> String {
        match self.command(command) {
            Reply::Id { id } => id,
            Reply::Person { person } => person,
            other => panic!("no id: {other:?}"),
        }
    }

    fn command(&mut self, command: Command) -> Reply {
        let reply = self.world.command("dora", command).unwrap();
        self.world.settle();
        reply
    }
}
