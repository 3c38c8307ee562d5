//! The steps of a scenario, as the reckoning takes them. Those that no history has are not here.

use nestpost_core::app::command::Custody;

use super::{Act, Kind, Model, Tie};
use crate::custody::scenario::{AdmitRole, CircleName, Right, Step, Verb};

impl Model {
    /// A step happens.
    ///
    /// # Panics
    /// If it is one that is not reckoned.
    pub fn live(&mut self, step: &Step) {
        let by = step.by.clone().unwrap_or_else(|| "dora".into());
        let by = by.as_str();
        match &step.verb {
            Verb::Found { director } => self.admit(director, director, Kind::Director, &[]),
            Verb::Group { name } => self.group(by, name),
            Verb::Admit { name, role, groups } => {
                let kind = match role {
                    AdmitRole::Educator => Kind::Educator,
                    AdmitRole::Director => Kind::Director,
                };
                self.admit(by, name, kind, groups);
            }
            // Both of its persons together read what somebody who works there reads.
            Verb::Place { name, group } => self.admit(by, name, Kind::Educator, std::slice::from_ref(group)),
            Verb::Child { name, groups } => {
                self.child(by, name, groups.first().map_or("", String::as_str));
            }
            Verb::Guardian { name, child, custody, information, collect, lives_with, protected } => {
                if *protected {
                    self.hide(name);
                }
                let (collect, lives_with) = (*collect, *lives_with);
                let tie = Tie { custody: *custody, information: *information, collect, lives_with };
                self.relate(by, name, child, tie);
            }
            Verb::SetRight { guardian, child, right, value } => {
                let tie = self.shown_relation(by, guardian, child).expect("they are something to the child");
                let tie = match right {
                    Right::Custody if !*value => Tie { custody: Custody::None, ..tie },
                    Right::Custody if tie.custody == Custody::None => Tie { custody: Custody::Joint, ..tie },
                    Right::Custody => tie,
                    Right::Information => Tie { information: *value, ..tie },
                    Right::Collect => Tie { collect: *value, ..tie },
                };
                self.decide(by, Act::Relate(guardian.clone(), child.clone(), tie));
            }
            Verb::Protect { guardian, value, .. } => self.decide(by, Act::Protect(guardian.clone(), *value)),
            Verb::MoveGroup { child, to, .. } => self.decide(by, Act::Move(child.clone(), to.clone())),
            Verb::Leave { child } => self.decide(by, Act::Leave(child.clone())),
            Verb::Dissolve { with, .. } => self.dissolve(by, with.as_deref()),
            Verb::Remove { person, .. } | Verb::EndRole { person, .. } => {
                self.decide(by, Act::Remove(person.clone()));
            }
            Verb::Readmit { person } => self.readmit(by, person),
            Verb::AddDevice { person } => self.add_device(person),
            Verb::EndDevice { person, device, .. } => self.end_device(by, person, *device),
            Verb::Recover { person, .. } => self.recover(person),
            Verb::Horizon { circle } => self.horizon(by, &circle.to_string()),
            Verb::Guarded { name, members } => {
                self.by_name(by, &CircleName::Guarded(name.clone()).to_string(), members);
            }
            Verb::Council { members } => self.by_name(by, "council", members),
            Verb::Post { circle, name } => self.post(by, &circle.to_string(), name, false),
            Verb::Photo { circle, name } => self.post(by, &circle.to_string(), name, true),
            Verb::Outside { name } => self.outside(name),
            Verb::Share { post, circle } => self.share(by, post, &circle.to_string()),
            Verb::Erase { post } => self.erase(by, post),
            Verb::Offline { person } => self.offline(person),
            Verb::Online { person } => self.online(person),
            Verb::Sync {} => self.sync(),
            Verb::Reply { .. } => panic!("no history has {:?}", step.verb),
        }
        self.steps += 1;
    }
}
