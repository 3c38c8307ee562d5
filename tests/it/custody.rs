//! Scenarios as `cargo xtask custody` lives them.

use nestpost_tests::custody::{self, Outcome, Scenario};

/// Steps, one JSON object each.
pub(crate) fn live(steps: &[&str]) -> Outcome {
    let text = format!(r#"{{"version":1,"steps":[{}]}}"#, steps.join(","));
    custody::run(&Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}")))
}

/// Dora directs, E works in G and N in H; M and F are C's parents in G, X is O's in the same group.
pub(crate) const HOUSE: [&str; 11] = [
    r#"{"do":"found","director":"dora"}"#,
    r#"{"do":"group","name":"G"}"#,
    r#"{"do":"group","name":"H"}"#,
    r#"{"do":"admit","name":"E","role":"educator","groups":["G"]}"#,
    r#"{"do":"admit","name":"N","role":"educator","groups":["H"]}"#,
    r#"{"do":"child","name":"C","groups":["G"]}"#,
    r#"{"do":"child","name":"O","groups":["G"]}"#,
    r#"{"do":"guardian","name":"M","child":"C"}"#,
    r#"{"do":"guardian","name":"F","child":"C"}"#,
    r#"{"do":"guardian","name":"X","child":"O"}"#,
    r#"{"do":"sync"}"#,
];

fn house(steps: &[&str]) -> Outcome {
    live(&[HOUSE.as_slice(), steps].concat())
}

pub(crate) fn holders(outcome: &Outcome, post: &str) -> String {
    outcome.posts.get(post).map(|access| join(&access.holders)).unwrap_or_else(|| panic!("no {post}"))
}

pub(crate) fn readers(outcome: &Outcome, post: &str) -> String {
    outcome.posts.get(post).map(|access| join(&access.readers)).unwrap_or_else(|| panic!("no {post}"))
}

fn join(names: &std::collections::BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn refused(outcome: &Outcome) -> Vec<(usize, &'static str)> {
    outcome.refusals.iter().map(|refusal| (refusal.step, refusal.reason)).collect()
}

#[test]
fn what_is_written_reaches_its_circle_and_nobody_else() {
    let outcome = house(&[
        r#"{"do":"post","by":"E","circle":"group:G","name":"group"}"#,
        r#"{"do":"post","by":"N","circle":"house","name":"house"}"#,
        r#"{"do":"post","by":"E","circle":"staff","name":"staff"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"child"}"#,
        r#"{"do":"post","by":"M","circle":"private:M:C","name":"private"}"#,
        r#"{"do":"photo","by":"E","circle":"child:C","name":"photo"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"reply","by":"M","to":"group","name":"answer"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(outcome.refusals, []);
    for (post, who) in [
        ("group", "E F M X dora"),
        ("house", "E F M N X dora"),
        ("staff", "E N dora"),
        ("child", "E F M dora"),
        ("private", "E M dora"),
        ("photo", "E F M dora"),
        ("answer", "E M dora"),
    ] {
        assert_eq!((holders(&outcome, post), readers(&outcome, post)), (who.into(), who.into()), "{post}");
    }
    let knows = |name: &str| join(outcome.knows.get(name).unwrap());
    assert_eq!((knows("M"), knows("F"), knows("X")), ("F".into(), "M".into(), String::new()));
    assert_eq!(knows("N"), "E F M X dora");
}

/// Both of its persons count as one: what either holds, it holds, and when the tablet goes, both go.
#[test]
fn a_tablet_reads_what_its_team_reads_until_it_is_ended() {
    let outcome = house(&[
        r#"{"do":"place","name":"T","group":"G"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"child"}"#,
        r#"{"do":"post","by":"E","circle":"house","name":"house"}"#,
        r#"{"do":"post","by":"M","circle":"private:M:C","name":"private"}"#,
        r#"{"do":"reply","by":"T","to":"private","name":"answer"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"end_device","person":"T","device":0}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"after"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"after-child"}"#,
        r#"{"do":"post","by":"E","circle":"house","name":"after-house"}"#,
        r#"{"do":"end_device","by":"T","person":"T","device":0}"#,
        r#"{"do":"sync"}"#,
    ]);
    for (post, who) in [
        ("child", "E F M dora"),
        ("private", "E M dora"),
        ("answer", "E M dora"),
        ("after", "E F M X dora"),
        ("after-child", "E F M dora"),
        ("after-house", "E F M N X dora"),
    ] {
        assert_eq!((holders(&outcome, post), readers(&outcome, post)), (who.into(), who.into()), "{post}");
    }
    assert_eq!(outcome.refusals.len(), 1);
    // A tablet that has not heard of its end holds what it had, and nothing that came after.
    let outcome = house(&[
        r#"{"do":"place","name":"T","group":"G"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"before"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"offline","person":"T"}"#,
        r#"{"do":"remove","person":"T"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"after"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"after-group"}"#,
        r#"{"do":"readmit","person":"T"}"#,
        r#"{"do":"move_group","child":"C","from":"G","to":"H"}"#,
        r#"{"do":"post","by":"N","circle":"child:C","name":"moved"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(holders(&outcome, "before"), "E F M N T dora");
    assert_eq!(holders(&outcome, "moved"), "F M N dora");
    // M and F have gone with C before they were connected again.
    assert_eq!(readers(&outcome, "after-group"), "E T X dora");
}

#[test]
fn a_step_is_heard_by_nobody_else_before_sync() {
    let outcome = house(&[r#"{"do":"post","by":"E","circle":"group:G","name":"p"}"#]);
    assert_eq!((holders(&outcome, "p"), readers(&outcome, "p")), ("E F M X dora".into(), "E".into()));
    let outcome = house(&[
        r#"{"do":"offline","person":"E"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"p"}"#,
    ]);
    assert_eq!((holders(&outcome, "p"), readers(&outcome, "p")), ("E".into(), "E".into()));
    let online = |by: &str| {
        house(&[
            r#"{"do":"offline","person":"E"}"#,
            r#"{"do":"post","by":"E","circle":"group:G","name":"p"}"#,
            r#"{"do":"online","person":"E"}"#,
            &format!(r#"{{"do":"online","person":"{by}"}}"#),
        ])
    };
    assert_eq!(readers(&online("M"), "p"), "E M");
}

#[test]
fn an_ended_device_empties_itself_when_it_hears_of_it_and_not_before() {
    let end = |then: &[&str]| {
        house(
            &[
                [
                    r#"{"do":"post","by":"E","circle":"child:C","name":"before"}"#,
                    r#"{"do":"sync"}"#,
                    r#"{"do":"end_device","person":"M","device":0}"#,
                    r#"{"do":"post","by":"E","circle":"child:C","name":"after"}"#,
                ]
                .as_slice(),
                then,
            ]
            .concat(),
        )
    };
    let outcome = end(&[]);
    assert_eq!(
        (holders(&outcome, "before"), readers(&outcome, "before")),
        ("E F M dora".into(), "E F dora".into())
    );
    assert_eq!(holders(&outcome, "after"), "E", "its key has reached nobody else");
    let outcome = end(&[r#"{"do":"sync"}"#]);
    assert_eq!(
        (holders(&outcome, "before"), readers(&outcome, "before")),
        ("E F dora".into(), "E F dora".into())
    );
    assert_eq!(join(outcome.knows.get("M").unwrap()), "F", "what it knew is not forgotten by others");
    let outcome = end(&[r#"{"do":"recover","person":"M"}"#, r#"{"do":"sync"}"#]);
    assert_eq!(
        (holders(&outcome, "after"), readers(&outcome, "after")),
        ("E F M dora".into(), "E F M dora".into())
    );
}

#[test]
fn what_is_refused_says_why() {
    let outcome = house(&[
        r#"{"do":"post","by":"M","circle":"group:G","name":"a"}"#,
        r#"{"do":"post","by":"N","circle":"group:G","name":"b"}"#,
        r#"{"do":"post","by":"E","circle":"group:Z","name":"c"}"#,
        r#"{"do":"post","by":"Z","circle":"group:G","name":"d"}"#,
        r#"{"do":"admit","name":"E","role":"educator"}"#,
        r#"{"do":"admit","by":"E","name":"Q","role":"educator","groups":["G"]}"#,
        r#"{"do":"offline","person":"dora"}"#,
        r#"{"do":"guardian","name":"Q","child":"C"}"#,
        r#"{"do":"reply","by":"X","to":"a","name":"e"}"#,
        r#"{"do":"child","name":"Q","groups":["G","H"]}"#,
        r#"{"do":"end_role","person":"dora"}"#,
    ]);
    let expected = [
        (11, "not_a_writer"),
        (12, "not_a_writer"),
        (13, "not_found"),
        (14, "not_found"),
        (15, "exists"),
        (16, "not_allowed"),
        (18, "offline"),
        (19, "not_found"),
        (20, "one_group"),
        (21, "last_director"),
    ];
    assert_eq!(refused(&outcome), expected);
    assert!(outcome.posts.is_empty());
}

#[test]
fn a_guarded_circle_is_for_those_who_are_named_and_no_director_by_being_one() {
    let outcome = house(&[
        r#"{"do":"guarded","by":"E","name":"S","members":["E","N"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"E","circle":"guarded:S","name":"p"}"#,
        r#"{"do":"post","circle":"guarded:S","name":"q"}"#,
        r#"{"do":"guarded","name":"T","members":["E","M"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"M","circle":"guarded:T","name":"r"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(14, "not_a_writer")]);
    assert_eq!((holders(&outcome, "p"), readers(&outcome, "p")), ("E N".into(), "E N".into()));
    assert_eq!((holders(&outcome, "r"), readers(&outcome, "r")), ("E M".into(), "E M".into()));
}

#[test]
fn the_council_is_its_members_and_staff_do_not_read_it() {
    let outcome = house(&[
        r#"{"do":"council","members":["M","X"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"M","circle":"council","name":"p"}"#,
        r#"{"do":"post","by":"F","circle":"council","name":"q"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"reply","by":"X","to":"p","name":"r"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(14, "not_a_writer")]);
    for post in ["p", "r"] {
        assert_eq!(
            (holders(&outcome, post), readers(&outcome, post)),
            ("M X".into(), "M X".into()),
            "{post}"
        );
    }
    assert_eq!(join(outcome.knows.get("X").unwrap()), "M");
    assert_eq!(join(outcome.knows.get("F").unwrap()), "M", "of the other guardian of the child alone");
}

#[test]
fn behind_a_horizon_nobody_reads_who_came_later() {
    let outcome = house(&[
        r#"{"do":"post","by":"E","circle":"group:G","name":"before"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"horizon","by":"E","circle":"group:G"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"child","name":"D","groups":["G"]}"#,
        r#"{"do":"guardian","name":"Q","child":"D"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"after"}"#,
        r#"{"do":"add_device","person":"M"}"#,
        r#"{"do":"end_device","person":"M","device":0}"#,
        r#"{"do":"horizon","by":"M","circle":"group:G"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(20, "not_a_writer")]);
    let before = (holders(&outcome, "before"), readers(&outcome, "before"));
    assert_eq!(
        before,
        ("E F M X dora".into(), "E F M X dora".into()),
        "and who was there has it on a new device too"
    );
    let after = (holders(&outcome, "after"), readers(&outcome, "after"));
    assert_eq!(after, ("E F M Q X dora".into(), "E F M Q X dora".into()));
}

#[test]
fn a_second_device_has_what_the_person_reads_and_so_has_one_from_the_sheet() {
    for verb in [r#"{"do":"add_device","person":"P"}"#, r#"{"do":"recover","person":"P","by_sheet":true}"#] {
        for person in ["M", "E", "dora"] {
            let outcome = house(&[
                r#"{"do":"post","by":"E","circle":"group:G","name":"group"}"#,
                r#"{"do":"post","by":"N","circle":"house","name":"house"}"#,
                r#"{"do":"post","by":"M","circle":"private:M:C","name":"private"}"#,
                r#"{"do":"sync"}"#,
                &verb.replace('P', person),
                &r#"{"do":"end_device","by":"P","person":"P","device":0}"#.replace('P', person),
                r#"{"do":"sync"}"#,
            ]);
            assert_eq!(outcome.refusals, [], "{person}");
            for (post, who) in
                [("group", "E F M X dora"), ("house", "E F M N X dora"), ("private", "E M dora")]
            {
                let found = (holders(&outcome, post), readers(&outcome, post));
                assert_eq!(found, (who.into(), who.into()), "{person}: {post}");
            }
        }
    }
}

#[test]
fn a_protected_guardian_is_among_the_directors_alone() {
    let outcome = house(&[
        r#"{"do":"protect","guardian":"M","child":"C","value":true}"#,
        r#"{"do":"guardian","name":"Q","child":"C"}"#,
        r#"{"do":"admit","name":"K","role":"educator","groups":["G"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"M","circle":"private:M:C","name":"thread"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"child"}"#,
        r#"{"do":"post","by":"E","circle":"private:M:C","name":"no"}"#,
        r#"{"do":"set_right","guardian":"M","child":"C","right":"collect","value":false}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"protect","guardian":"M","child":"C","value":false}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"again"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(17, "not_a_writer")], "what M is to C changes all the same");
    // E had the thread's old keys, and it was renewed before M wrote again.
    let who = |post: &str| (holders(&outcome, post), readers(&outcome, post));
    assert_eq!(
        who("child"),
        ("E F K M Q dora".into(), "E F K M Q dora".into()),
        "since protection has ended"
    );
    assert_eq!(who("thread"), ("E K M dora".into(), "E K M dora".into()), "since protection has ended");
    assert_eq!(who("again"), ("E F K M Q dora".into(), "E F K M Q dora".into()));
    let during = house(&[
        r#"{"do":"protect","guardian":"M","child":"C","value":true}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"M","circle":"private:M:C","name":"thread"}"#,
        r#"{"do":"post","by":"E","circle":"child:C","name":"child"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"group"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(during.refusals, []);
    let who = |post: &str| (holders(&during, post), readers(&during, post));
    assert_eq!(who("thread"), ("M dora".into(), "M dora".into()));
    assert_eq!(who("child"), ("E F dora".into(), "E F dora".into()));
    assert_eq!(who("group"), ("E F X dora".into(), "E F X dora".into()));
}

#[test]
fn the_worked_examples_come_to_what_the_document_says() {
    let document = include_str!("../../docs/custody-scenarios.md");
    let blocks: Vec<&str> =
        document.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 20, "ten examples, each with what it comes to");
    for pair in blocks.chunks(2) {
        let [scenario, expected] = pair else { panic!("an example without an outcome") };
        let outcome = custody::run(&Scenario::parse(scenario).unwrap());
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(serde_json::to_value(&outcome).unwrap(), expected, "{scenario}");
    }
    for reason in custody::REASONS {
        assert!(document.contains(&format!("| `{reason}` |")), "{reason} is not described");
    }
}

#[test]
fn what_takes_two_directors_is_done_as_soon_as_another_one_agrees() {
    let outcome = house(&[
        r#"{"do":"admit","name":"nora","role":"director"}"#,
        r#"{"do":"admit","name":"lena","role":"director"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"end_role","by":"nora","person":"dora"}"#,
        r#"{"do":"end_role","by":"nora","person":"dora","with":"lena"}"#,
        r#"{"do":"post","by":"nora","circle":"staff","name":"after"}"#,
        r#"{"do":"dissolve","by":"nora"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"last"}"#,
        r#"{"do":"dissolve","by":"nora","with":"lena"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"refused"}"#,
        r#"{"do":"sync"}"#,
    ]);
    let two = "needs_second_director";
    assert_eq!(refused(&outcome), [(14, two), (17, two), (20, "dissolved")]);
    assert_eq!(
        (holders(&outcome, "after"), readers(&outcome, "after")),
        ("E N lena nora".into(), "E N lena nora".into())
    );
    // Everybody reads on.
    assert_eq!(readers(&outcome, "last"), "E F M X lena nora");
    assert!(!outcome.posts.contains_key("refused"));
}

#[test]
fn what_a_director_decided_offline_counts_when_they_are_back() {
    let outcome = house(&[
        r#"{"do":"admit","name":"dan","role":"director","groups":[]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"offline","person":"dora"}"#,
        r#"{"do":"remove","by":"dora","person":"E"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"before"}"#,
        r#"{"do":"online","person":"dora"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"after"}"#,
        // Both decide the same, and neither hears of the other.
        r#"{"do":"offline","person":"dora"}"#,
        r#"{"do":"offline","person":"dan"}"#,
        r#"{"do":"set_right","by":"dora","guardian":"M","child":"C","right":"information","value":false}"#,
        r#"{"do":"set_right","by":"dan","guardian":"M","child":"C","right":"information","value":false}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"dan","circle":"child:C","name":"child"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(17, "no_role")]);
    assert_eq!(holders(&outcome, "before"), "E F M X dan dora");
    assert_eq!(holders(&outcome, "child"), "F dan dora");
    assert_eq!(readers(&outcome, "child"), "F dan dora");
}

#[test]
fn whoever_comes_where_parents_stand_by_name_is_given_the_keys_directly() {
    // M's going leaves the parents' keys of G behind. N cannot renew them, and names each of the parents instead.
    let outcome = house(&[
        r#"{"do":"remove","person":"M"}"#,
        r#"{"do":"post","by":"N","circle":"house","name":"before"}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"guardian","name":"Y","child":"O"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(outcome.refusals, []);
    assert_eq!(holders(&outcome, "before"), "E F N X Y dora");
    assert_eq!(readers(&outcome, "before"), "E F N X Y dora");
}

#[test]
fn what_the_rules_forbid_was_nobody_elses_race() {
    let outcome = house(&[
        r#"{"do":"guarded","name":"S","members":["M"]}"#,
        r#"{"do":"guarded","name":"S","members":["E","M","X"]}"#,
        r#"{"do":"horizon","by":"E","circle":"house"}"#,
        r#"{"do":"place","name":"T","group":"G"}"#,
        r#"{"do":"horizon","by":"T","circle":"house"}"#,
        r#"{"do":"horizon","by":"T","circle":"group:H"}"#,
        r#"{"do":"horizon","circle":"house"}"#,
        r#"{"do":"protect","guardian":"M","child":"C","value":true}"#,
        r#"{"do":"council","members":["F","M"]}"#,
        r#"{"do":"guarded","name":"S","members":["E","M"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"admit","name":"nora","role":"director"}"#,
        r#"{"do":"end_role","by":"nora","person":"nora"}"#,
        r#"{"do":"end_role","by":"nora","person":"nora","by_sheet":true}"#,
        r#"{"do":"admit","name":"olga","role":"director"}"#,
        r#"{"do":"end_role","by":"nora","person":"olga"}"#,
        r#"{"do":"post","by":"olga","circle":"staff","name":"p"}"#,
    ]);
    let expected = [
        (11, "not_allowed"),
        (12, "not_allowed"),
        (13, "not_allowed"),
        (15, "not_allowed"),
        (16, "not_a_writer"),
        (19, "not_allowed"),
        (20, "not_allowed"),
        (23, "needs_second_director"),
        (24, "needs_second_director"),
        (26, "needs_second_director"),
    ];
    assert_eq!(refused(&outcome), expected);
    assert_eq!(holders(&outcome, "p"), "E N T dora nora olga");
}

#[test]
fn what_an_outsider_writes_is_for_the_staff_alone() {
    let outcome = house(&[
        r#"{"do":"outside","name":"p"}"#,
        r#"{"do":"post","by":"E","circle":"intake","name":"q"}"#,
        r#"{"do":"post","by":"M","circle":"intake","name":"r"}"#,
        r#"{"do":"remove","person":"N"}"#,
        r#"{"do":"outside","name":"s"}"#,
        r#"{"do":"outside","name":"s"}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(12, "not_a_writer"), (13, "not_a_writer"), (16, "exists")]);
    assert_eq!((holders(&outcome, "p"), readers(&outcome, "p")), ("E N dora".into(), "E dora".into()));
    assert_eq!((holders(&outcome, "s"), readers(&outcome, "s")), ("E dora".into(), "E dora".into()));
}

#[test]
fn whoever_comes_under_protection_leaves_the_council() {
    let outcome = house(&[
        r#"{"do":"council","members":["F","M","X"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"protect","guardian":"M","child":"C","value":true}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"F","circle":"council","name":"p"}"#,
        r#"{"do":"post","by":"M","circle":"council","name":"q"}"#,
        r#"{"do":"end_device","by":"E","person":"E","device":0}"#,
        r#"{"do":"sync"}"#,
    ]);
    assert_eq!(refused(&outcome), [(16, "not_a_writer"), (17, "not_allowed")]);
    assert_eq!((holders(&outcome, "p"), readers(&outcome, "p")), ("F X".into(), "F X".into()));
}
