//! What is planned for a day, and what takes a second director.

use nestpost_core::app::command::{Custody, NoArgs, Relation, StaffRole};
use nestpost_core::app::view::{Act, GroupSymbol, PlanEntry, PlanStage, ProposalEntry, ProposalWhat};
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_tests::world::World;

use crate::engine::{Kita, admit, id, kita, person};

const DAY_MS: u64 = 86_400_000;
const TODAY: &str = "2026-11-21";
const NONE: Relation = Relation { custody: Custody::None, ..Relation::USUAL };

fn plans(world: &World) -> Vec<PlanEntry> {
    match world.query("dora", &Query::Plans(NoArgs {})).unwrap() {
        View::Plans(plans) => plans,
        other => panic!("no plans: {other:?}"),
    }
}

fn stages(world: &World) -> Vec<PlanStage> {
    plans(world).iter().map(|plan| plan.stage).collect()
}

pub(crate) fn proposals(world: &World, name: &str) -> Vec<ProposalEntry> {
    match world.query(name, &Query::Proposals(NoArgs {})).unwrap() {
        View::Proposals(proposals) => proposals,
        other => panic!("no proposals: {other:?}"),
    }
}

fn person_of(world: &World, name: &str) -> String {
    world.summary(name).me.person
}

fn reads(world: &World, name: &str, circle: &str) -> bool {
    let engine = world.engine(name);
    let circle = circle.parse().unwrap();
    nestpost_protocol::access::reads(&engine.house().log, &engine.house().me, &circle)
}

fn orders(world: &World, name: &str) -> Vec<(bool, String)> {
    let log = &world.engine(name).house().log;
    let author = |seq| log.entry(seq).map(|entry| (entry.body.author, entry.kind.clone()));
    let mine = world.engine(name).house().me;
    (0..log.len())
        .filter_map(author)
        .filter(|(_, body)| matches!(body, Body::Order(..)))
        .map(|(by, body)| (by == mine, format!("{:?}", body.act()).split('(').next().unwrap().to_owned()))
        .collect()
}

fn tomorrow(world: &mut World) {
    world.pass(DAY_MS);
    world.settle();
}

fn group(world: &mut World, name: &str) -> String {
    let made = id(world
        .command("dora", Command::CreateGroup { name: name.into(), symbol: GroupSymbol::Fox })
        .unwrap());
    world.settle();
    made
}

pub(crate) fn second(world: &mut World, name: &str) -> String {
    let staff =
        Command::CreateStaff { name: name.into(), role: StaffRole::Director, groups: vec![], until: None };
    let made = person(world.command("dora", staff).unwrap());
    world.settle();
    admit(world, name, &made);
    made
}

#[test]
fn on_its_day_a_change_is_carried_out_by_whoever_of_the_staff_is_there() {
    let Kita { mut world, child, .. } = kita();
    let frank = person_of(&world, "frank");
    let plan = |day: &str| Command::PlanGuardian {
        person: frank.clone(),
        child: child.clone(),
        relation: NONE,
        day: day.into(),
    };
    assert_eq!(world.command("dora", plan(TODAY)), Err(AppError::BadDay), "that is no later day");
    assert_eq!(world.command("erik", plan("2026-11-22")), Err(AppError::NotAllowed));
    world.command("dora", plan("2026-11-22")).unwrap();
    world.settle();
    assert_eq!(stages(&world), [PlanStage::Waiting]);
    assert_eq!(plans(&world)[0].by, "dora");
    assert!(reads(&world, "frank", &child), "nothing happens before its day");
    assert!(orders(&world, "erik").is_empty());

    // The director is not there on the day.
    world.set_offline("dora", true);
    tomorrow(&mut world);
    assert!(!reads(&world, "frank", &child));
    assert_eq!(orders(&world, "erik"), vec![(true, "MemberEnd".to_owned()); 2]);
    let asked = Query::Relation { person: frank, child: child.clone() };
    let relation = |world: &World, name: &str| world.query(name, &asked).unwrap();
    assert_eq!(relation(&world, "erik"), View::Relation(NONE), "what goes with it is written too");
    world.set_offline("dora", false);
    world.settle();
    assert_eq!(stages(&world), [PlanStage::Done]);
    assert_eq!(relation(&world, "dora"), View::Relation(NONE));
    let before = world.engine("dora").house().log.len();
    tomorrow(&mut world);
    assert_eq!(world.engine("dora").house().log.len(), before, "once is enough");
}

#[test]
fn a_move_is_carried_out_and_finished_without_a_director() {
    let Kita { mut world, child, group: hedgehogs } = kita();
    let foxes = group(&mut world, "Fuchs");
    let staff = Command::CreateStaff {
        name: "emil".into(),
        role: StaffRole::Educator,
        groups: vec![hedgehogs, foxes.clone()],
        until: None,
    };
    let emil = person(world.command("dora", staff).unwrap());
    world.settle();
    admit(&mut world, "emil", &emil);
    let plan = Command::PlanMove { child: child.clone(), group: foxes, day: "2026-11-22".into() };
    world.command("dora", plan).unwrap();
    world.settle();
    for name in ["dora", "erik"] {
        world.set_offline(name, true);
    }
    tomorrow(&mut world);
    let done = orders(&world, "emil");
    assert!(done.contains(&(true, "Member".to_owned())), "{done:?}");
    let staff = world.engine("dora").house().sole(Sort::Staff).unwrap();
    let written = |world: &World| world.relay.last(&staff, &world.engine("dora").house().me);
    let before = written(&world);
    world.set_offline("dora", false);
    world.settle();
    assert_eq!(stages(&world), [PlanStage::Done]);
    assert_eq!(written(&world), before, "nothing was left to be signed or said");
}

#[test]
fn two_devices_that_are_there_at_once_carry_it_out_once() {
    let Kita { mut world, child, .. } = kita();
    let plan = Command::PlanLeave { child: child.clone(), day: "2026-11-22".into() };
    world.command("dora", plan).unwrap();
    world.settle();
    for name in ["dora", "erik"] {
        world.set_offline(name, true);
    }
    tomorrow(&mut world);
    for name in ["dora", "erik"] {
        world.set_offline(name, false);
    }
    world.settle();
    let done = orders(&world, "dora");
    // Of both: the child, the thread, the group's parents.
    assert_eq!(done.len(), 6, "{done:?}");
    assert_eq!(done.iter().filter(|(mine, _)| *mine).count() % 6, 0, "all by one of them: {done:?}");
    assert_eq!(stages(&world), [PlanStage::Done]);
    for name in ["maria", "frank"] {
        assert!(!reads(&world, name, &child));
        assert!(world.summary(name).alarms.is_empty());
    }
    assert!(world.summary("erik").alarms.is_empty() && world.engine("erik").given_up().is_empty());
}

#[test]
fn orders_are_signed_anew_when_what_they_rest_on_has_changed() {
    let Kita { mut world, child, group: hedgehogs } = kita();
    let foxes = group(&mut world, "Fuchs");
    let owls = group(&mut world, "Eule");
    let to = |child: &str, group: &str, day: &str| Command::PlanMove {
        child: child.into(),
        group: group.into(),
        day: day.into(),
    };
    // Siblings that move on one day: the first one's orders leave the family with the old group, the second one's do not.
    let sibling = id(world
        .command("dora", Command::CreateChild { name: "Cleo".into(), group: hedgehogs.clone() })
        .unwrap());
    world.settle();
    let maria = person_of(&world, "maria");
    world
        .command(
            "dora",
            Command::AddGuardianToChild { person: maria, child: sibling.clone(), relation: None },
        )
        .unwrap();
    world.settle();
    world.command("dora", to(&child, &foxes, "2026-11-22")).unwrap();
    world.command("dora", to(&sibling, &foxes, "2026-11-22")).unwrap();
    world.settle();
    // Meanwhile one of them moves elsewhere.
    world.command("dora", Command::MoveChild { child: sibling.clone(), group: owls.clone() }).unwrap();
    world.settle();
    tomorrow(&mut world);
    assert_eq!(stages(&world), [PlanStage::Done, PlanStage::Done]);
    let log = &world.engine("dora").house().log;
    let who = nestpost_protocol::log::kind::member::Who::Person(person_of(&world, "maria").parse().unwrap());
    let parents_of = |team: &str| {
        let team = Some(team.parse().unwrap());
        log.circles()
            .any(|c| format!("{:?}", c.sort) == "Parents" && c.team == team && c.members.contains_key(&who))
    };
    assert!(parents_of(&foxes) && !parents_of(&owls) && !parents_of(&hedgehogs));
    let team = |circle: &str| {
        log.circle(&circle.parse().unwrap()).unwrap().members.keys().copied().collect::<Vec<_>>()
    };
    let foxes = nestpost_protocol::log::kind::member::Who::Circle(foxes.parse().unwrap());
    for child in [&child, &sibling] {
        let teams: Vec<_> =
            team(child).into_iter().filter(|who| format!("{who:?}").starts_with("Circle")).collect();
        assert_eq!(teams, [foxes]);
    }
}

#[test]
fn a_substitute_stays_until_the_day_that_was_said() {
    let Kita { mut world, group, .. } = kita();
    let staff = |role, until: &str| Command::CreateStaff {
        name: "vera".into(),
        role,
        groups: vec![group.clone()],
        until: Some(until.into()),
    };
    assert_eq!(world.command("dora", staff(StaffRole::Educator, "2026-11-20")), Err(AppError::BadDay));
    assert_eq!(world.command("dora", staff(StaffRole::Director, TODAY)), Err(AppError::NeedsSecond));
    let vera = person(world.command("dora", staff(StaffRole::Educator, TODAY)).unwrap());
    world.settle();
    admit(&mut world, "vera", &vera);
    let staff = world.engine("vera").house().sole(Sort::Staff).unwrap();
    assert!(reads(&world, "vera", &staff.to_string()));
    world.set_offline("dora", true);
    world.set_offline("vera", true);
    tomorrow(&mut world);
    assert_eq!(orders(&world, "erik"), [(true, "RoleEnd".to_owned())]);
    world.set_offline("vera", false);
    world.settle();
    assert_eq!(world.summary("vera").stage, "ended");
}

#[test]
fn what_is_withdrawn_or_makes_no_sense_any_more_is_not_carried_out_and_says_why() {
    let Kita { mut world, child, .. } = kita();
    let frank = person_of(&world, "frank");
    let leave = Command::PlanLeave { child: child.clone(), day: "2026-11-22".into() };
    let plan = id(world.command("dora", leave).unwrap());
    world.settle();
    world.command("dora", Command::CancelPlan { plan: plan.clone() }).unwrap();
    world.settle();
    let change = Command::PlanGuardian {
        person: frank.clone(),
        child: child.clone(),
        relation: NONE,
        day: "2026-11-22".into(),
    };
    world.command("dora", change).unwrap();
    world.settle();
    world.command("dora", Command::RemovePerson { person: frank, sheet: None }).unwrap();
    world.settle();
    assert_eq!(stages(&world), [PlanStage::Stuck, PlanStage::Withdrawn], "it is said before the day");
    tomorrow(&mut world);
    let now: Vec<_> = plans(&world).iter().map(|p| (p.stage, p.reason.clone())).collect();
    assert_eq!(now, [(PlanStage::Failed, Some("not_found".into())), (PlanStage::Withdrawn, None)]);
    assert!(orders(&world, "dora").is_empty() && reads(&world, "maria", &child));
    assert_eq!(world.command("dora", Command::CancelPlan { plan }), Ok(Reply::empty()));
}

#[test]
fn what_would_need_a_new_circle_cannot_be_planned() {
    let Kita { mut world, child, .. } = kita();
    let untold = Relation { information: false, ..Relation::USUAL };
    let lena = Command::CreateGuardian { name: "lena".into(), child: child.clone(), relation: Some(untold) };
    let lena = person(world.command("dora", lena).unwrap());
    world.settle();
    let day = "2026-11-22".to_owned();
    let told = Command::PlanGuardian { person: lena, child, relation: Relation::USUAL, day };
    assert_eq!(world.command("dora", told), Err(AppError::NotPlannable));
}

#[test]
fn orders_of_a_director_who_is_gone_are_signed_by_another_one() {
    let Kita { mut world, child, .. } = kita();
    second(&mut world, "doris");
    let plan = Command::PlanLeave { child: child.clone(), day: "2026-11-22".into() };
    world.command("doris", plan).unwrap();
    world.settle();
    let (doris, sheet) = (person_of(&world, "doris"), Some(world.sheet.clone()));
    world.set_offline("dora", true);
    world.set_offline("erik", true);
    world.set_offline("dora", false);
    world.command("dora", Command::RemovePerson { person: doris, sheet }).unwrap();
    world.settle();
    world.set_offline("dora", true);
    world.set_offline("erik", false);
    tomorrow(&mut world);
    assert!(!reads(&world, "maria", &child));
}

#[test]
fn a_director_goes_when_a_second_one_agrees() {
    let Kita { mut world, .. } = kita();
    let doris = second(&mut world, "doris");
    let remove = |person: &str| Command::RemovePerson { person: person.into(), sheet: None };
    assert_eq!(
        world.command("dora", remove(&doris)),
        Err(AppError::NeedsSecond),
        "she herself does not count"
    );
    second(&mut world, "dirk");
    let Ok(Reply::Proposal { proposal }) = world.command("dora", remove(&doris)) else { panic!() };
    world.settle();
    assert_eq!(world.summary("doris").stage, "member", "nothing is done yet");
    assert!(proposals(&world, "doris").is_empty(), "whom it is about is not told");
    let shown = proposals(&world, "dirk");
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].what, shown[0].mine), (ProposalWhat::RemovePerson, false));
    assert_eq!((shown[0].person_name.as_deref(), shown[0].by.as_str()), (Some("doris"), "dora"));
    assert!(proposals(&world, "dora")[0].mine);
    let agree = Command::Agree { proposal: proposal.clone() };
    assert_eq!(world.command("dora", agree.clone()), Err(AppError::NotAllowed), "two are two");
    assert_eq!(world.command("erik", agree.clone()), Err(AppError::NotAllowed));
    world.command("dirk", agree.clone()).unwrap();
    world.settle();
    assert_eq!(world.summary("doris").stage, "ended");
    assert!(proposals(&world, "dirk").is_empty() && proposals(&world, "dora").is_empty());
    assert_eq!(world.command("dirk", agree.clone()), Err(AppError::NotFound));

    // Back again: what was signed then counts no more.
    world.command("dora", Command::ReadmitPerson { person: doris }).unwrap();
    world.settle();
    assert!(proposals(&world, "dirk").is_empty());
    assert_eq!(world.command("dirk", agree), Err(AppError::NotFound));
}

#[test]
fn the_end_of_a_director_is_agreed_on_by_two_and_comes_on_its_day() {
    let Kita { mut world, .. } = kita();
    let doris = second(&mut world, "doris");
    let plan = |sheet| Command::PlanEnd { person: doris.clone(), day: "2026-11-23".into(), sheet };
    assert_eq!(world.command("dora", plan(None)), Err(AppError::NeedsSecond), "nobody else directs");
    let sheet = Some(world.sheet.clone());
    assert_eq!(world.command("doris", plan(sheet)), Err(AppError::NeedsSecond), "she does not count");
    second(&mut world, "dirk");
    let Ok(Reply::Proposal { proposal }) = world.command("dora", plan(None)) else { panic!() };
    world.settle();
    assert!(stages(&world).is_empty() && proposals(&world, "doris").is_empty());
    assert_eq!(proposals(&world, "dirk")[0].day.as_deref(), Some("2026-11-23"));
    world.command("dirk", Command::Agree { proposal }).unwrap();
    world.settle();
    assert!(proposals(&world, "dirk").is_empty());
    assert_eq!(stages(&world), [PlanStage::Waiting]);
    let cancel = Command::CancelPlan { plan: plans(&world)[0].id.clone() };
    assert_eq!(world.command("doris", cancel), Err(AppError::NotAllowed));
    tomorrow(&mut world);
    assert_eq!(world.summary("doris").stage, "member");

    // Nobody but who directs makes the keys of those who direct, and she does not end herself.
    world.set_offline("dora", true);
    world.set_offline("dirk", true);
    tomorrow(&mut world);
    assert!(world.summary("doris").stage == "member" && orders(&world, "erik").is_empty());
    world.set_offline("dora", false);
    tomorrow(&mut world);
    assert_eq!(orders(&world, "dora"), [(true, "RoleEnd".to_owned())], "{:?}", world.relay.refusals);
    assert_eq!(world.summary("doris").stage, "ended");
    assert_eq!(stages(&world), [PlanStage::Done]);
}

#[test]
fn whoever_agrees_to_a_planned_end_when_its_day_is_here_is_told_that_it_is_at_once() {
    let Kita { mut world, .. } = kita();
    let doris = second(&mut world, "doris");
    second(&mut world, "dirk");
    let plan = Command::PlanEnd { person: doris, day: "2026-11-22".into(), sheet: None };
    let Ok(Reply::Proposal { proposal }) = world.command("dora", plan) else { panic!() };
    world.settle();
    assert!(!proposals(&world, "dirk")[0].due);
    tomorrow(&mut world);
    assert_eq!(world.summary("doris").stage, "member", "nobody has agreed");
    let told = &proposals(&world, "dirk")[0];
    assert_eq!((told.due, told.day.as_deref()), (true, Some("2026-11-22")));
    world.command("dirk", Command::Agree { proposal }).unwrap();
    world.settle();
    assert_eq!(world.summary("doris").stage, "ended");
    assert!(stages(&world).is_empty(), "nothing was planned");
}

#[test]
fn a_director_who_has_paper_alone_is_nobody_who_could_agree_or_stay_alone() {
    let Kita { mut world, .. } = kita();
    let doris = second(&mut world, "doris");
    let dirk = second(&mut world, "dirk");
    let Reply::Sheet(paper) = world.command("dirk", Command::DrawSheet(NoArgs {})).unwrap() else { panic!() };
    world.command("dirk", Command::RenewSheet { code: paper.code }).unwrap();
    world.settle();
    let lost = world.engine("dirk").house().me.to_string();
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::EndDevice { device: lost, sheet }).unwrap();
    world.settle();
    assert_eq!(world.summary("dirk").stage, "ended");
    let live = world.relay.log().person(&dirk.parse().unwrap()).unwrap().devices.len();
    assert_eq!(live, 1, "the sheet");
    let remove = |person: &str, sheet| Command::RemovePerson { person: person.into(), sheet };
    let sheet = Some(world.sheet.clone());
    assert_eq!(world.command("dora", remove(&doris, None)), Err(AppError::NeedsSecond), "nobody could agree");
    world.command("dora", remove(&doris, sheet.clone())).unwrap();
    world.settle();
    let dora = world.summary("dora").me.person;
    assert_eq!(world.command("dora", remove(&dora, sheet)), Err(AppError::LastDirector));
    assert!(crate::engine::alarms(&world, "dora").contains(&"one_director"));
}

#[test]
fn the_sheet_agrees_that_a_director_goes_on_a_day() {
    let Kita { mut world, .. } = kita();
    let person = second(&mut world, "doris");
    let sheet = Some(world.sheet.clone());
    id(world.command("dora", Command::PlanEnd { person, day: "2026-11-22".into(), sheet }).unwrap());
    world.settle();
    assert_eq!(stages(&world), [PlanStage::Waiting]);
    tomorrow(&mut world);
    assert_eq!(world.summary("doris").stage, "ended", "{:?}", world.relay.refusals);
    assert_eq!(stages(&world), [PlanStage::Done]);
}

#[test]
fn whoever_does_not_agree_or_thinks_better_of_it_ends_a_proposal() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    for by in ["dora", "doris"] {
        let dissolve = Command::DissolveHouse { sheet: None };
        let Ok(Reply::Proposal { proposal }) = world.command("dora", dissolve) else { panic!() };
        world.settle();
        world.command(by, Command::Decline { proposal: proposal.clone() }).unwrap();
        world.settle();
        assert!(proposals(&world, "doris").is_empty());
        assert_eq!(world.command("doris", Command::Agree { proposal }), Err(AppError::NotFound));
    }
    let Ok(Reply::Proposal { proposal }) = world.command("dora", Command::DissolveHouse { sheet: None })
    else {
        panic!()
    };
    world.settle();
    assert!(is_asked(&world, "doris") && !is_asked(&world, "dora") && !is_asked(&world, "erik"));
    world.command("doris", Command::Agree { proposal }).unwrap();
    world.settle();
    assert!(world.summary("maria").dissolved);
}

pub(crate) fn is_asked(world: &World, name: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == "proposal")
}

fn opens_epoch_one(world: &World, name: &str, circle: &str) -> bool {
    world.engine(name).holds_epoch(&circle.parse().unwrap(), 1)
}

#[test]
fn who_comes_to_a_group_with_a_child_reads_nothing_there_that_is_older() {
    let Kita { mut world, child, .. } = kita();
    let foxes = group(&mut world, "Fuchs");
    let say = |world: &mut World, title: &str| {
        let group = Some(foxes.clone());
        let post = Command::PostBulletin { group, title: title.into(), body: "Text".into(), set: None };
        world.command("dora", post).unwrap();
        world.settle();
    };
    say(&mut world, "before");
    let note = Command::PostNote { circle: child.clone(), title: "note".into(), body: "Text".into() };
    world.command("erik", note).unwrap();
    world.settle();
    let day = "2026-11-22".to_owned();
    world.command("dora", Command::PlanMove { child: child.clone(), group: foxes.clone(), day }).unwrap();
    world.settle();
    tomorrow(&mut world);
    assert_eq!(stages(&world), [PlanStage::Done], "{:?}", world.relay.refusals);
    say(&mut world, "after");
    let circles = &world.engine("dora").house().log;
    let of = |sort: &str| {
        let team = Some(foxes.parse().unwrap());
        let mut all = circles.circles().filter(|c| format!("{:?}", c.sort) == sort && c.team == team);
        all.next().unwrap().id.to_string()
    };
    let group = of("Group");
    for name in ["maria", "frank"] {
        let View::Bulletins(seen) = world.query(name, &Query::Bulletins(NoArgs {})).unwrap() else {
            panic!()
        };
        assert_eq!(seen.iter().map(|b| b.title.as_str()).collect::<Vec<_>>(), ["after"], "{name}");
        assert!(!opens_epoch_one(&world, name, &group));
        assert!(opens_epoch_one(&world, name, &child), "of the child they keep everything");
    }
    assert!(opens_epoch_one(&world, "dora", &group), "staff are led back");
    let View::Notes(notes) = world.query("maria", &Query::Notes { circle: child }).unwrap() else { panic!() };
    assert_eq!(notes.len(), 1);
}

#[test]
fn a_director_is_told_what_another_one_has_made_impossible() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    let frank = person_of(&world, "frank");
    world.set_offline("dora", true);
    world.command("dora", Command::CreateInvite { person: frank.clone(), valid_days: 7 }).unwrap();
    world.command("doris", Command::RemovePerson { person: frank, sheet: None }).unwrap();
    world.settle();
    world.set_offline("dora", false);
    world.settle();
    assert_eq!(world.engine("dora").given_up().len(), 1);
    let codes: Vec<_> = world.summary("dora").alarms.iter().map(|alarm| alarm.code).collect();
    assert!(codes.contains(&"overtaken"), "{codes:?}");
    assert!(world.summary("doris").alarms.iter().all(|alarm| alarm.code != "overtaken"));

    // Which decision it was, and who did what instead; also after a restart, until she has read it.
    let overtaken = |world: &World, name: &str| match world.query(name, &Query::Overtaken(NoArgs {})).unwrap()
    {
        View::Overtaken(all) => all,
        other => panic!("{other:?}"),
    };
    world.restart("dora");
    world.settle();
    let all = overtaken(&world, "dora");
    assert_eq!(all.len(), 1);
    let told: Vec<_> =
        all[0].parts.iter().map(|part| (part.what, part.about.person_name.as_deref())).collect();
    assert_eq!(told, [(Act::Invited, Some("Frank"))]);
    assert_eq!(all[0].parts[0].about.child_name.as_deref(), Some("Carla"), "there he is found");
    let cause = all[0].cause.as_ref().expect("somebody else was first");
    assert_eq!((cause.what, cause.by.as_str()), (Act::RoleEnded, "doris"));
    assert_eq!(cause.about.person_name.as_deref(), Some("Frank"));
    assert!(overtaken(&world, "doris").is_empty());
    world.command("dora", Command::ForgetOvertaken { id: all[0].id }).unwrap();
    world.restart("dora");
    world.settle();
    assert!(overtaken(&world, "dora").is_empty());
    assert!(world.summary("dora").alarms.iter().all(|alarm| alarm.code != "overtaken"));
}
