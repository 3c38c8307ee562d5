//! `cargo xtask custody FILE` as other tools meet it: what it reads, what it prints where, and how it ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_nestpost-custody");

fn read(text: &str) -> Output {
    let mut custody = Command::new(BINARY);
    custody.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut custody = custody.spawn().unwrap();
    custody.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    custody.wait_with_output().unwrap()
}

fn open(file: &Path) -> Output {
    Command::new(BINARY).arg(file).stdin(Stdio::null()).output().unwrap()
}

fn scenario(steps: &[&str]) -> String {
    format!(r#"{{"version":1,"steps":[{}]}}"#, steps.join(","))
}

#[test]
fn a_scenario_of_a_file_or_of_standard_input_is_answered_by_sorted_json_alone() {
    let text = scenario(&[
        r#"{"do":"found","director":"dora"}"#,
        r#"{"do":"group","name":"G"}"#,
        r#"{"do":"admit","name":"Zoe","role":"educator","groups":["G"]}"#,
        r#"{"do":"admit","name":"E","role":"educator","groups":["G"]}"#,
        r#"{"do":"sync"}"#,
        r#"{"do":"post","by":"nobody","circle":"group:G","name":"c"}"#,
        r#"{"do":"post","by":"E","circle":"group:G","name":"b"}"#,
        r#"{"do":"post","by":"Zoe","circle":"group:G","name":"a"}"#,
        r#"{"do":"reply","by":"E","to":"c","name":"d"}"#,
        r#"{"do":"sync"}"#,
    ]);
    let all = r#"{"holders":["E","Zoe","dora"],"readers":["E","Zoe","dora"]}"#;
    let expected = format!(
        "{}{all}{}{all}{}\n",
        r#"{"version":1,"posts":{"a":"#,
        r#","b":"#,
        r#"},"knows":{"E":["Zoe","dora"],"Zoe":["E","dora"],"dora":["E","Zoe"]},"refusals":[{"step":5,"reason":"not_found"},{"step":8,"reason":"not_found"}]}"#,
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.json");
    std::fs::write(&file, &text).unwrap();
    // Refused steps are a result.
    for output in [read(&text), open(&file)] {
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn what_is_malformed_is_said_with_its_step_on_standard_error_and_nothing_else() {
    let step = |step: &str| scenario(&[r#"{"do":"found","director":"dora"}"#, step, r#"{"do":"sync"}"#]);
    for (text, said) in [
        (step(r#"{"do":"fly"}"#), "step 1: "),
        (step(r#"{"name":"G"}"#), "step 1: "),
        (step(r#"{"do":"group"}"#), "step 1: "),
        (step(r#"{"do":"group","name":"G","size":3}"#), "step 1: "),
        (step(r#"{"do":"post","circle":"garden","name":"p"}"#), "step 1: "),
        (step(r#"{"do":"group","name":7}"#), "step 1: "),
        (scenario(&[r#"{"do":"sync"}"#, "3"]), "step 1: "),
        (String::new(), "malformed scenario: "),
        ("{".to_owned(), "malformed scenario: "),
        (r#"{"version":2,"steps":[]}"#.to_owned(), "malformed scenario: "),
    ] {
        let output = read(&text);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(2), [].as_slice()),
            "{text}: {stderr}"
        );
        assert!(stderr.starts_with(said), "{text}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    let missing = open(&std::env::temp_dir().join("no-such-scenario.json"));
    assert_eq!((missing.status.code(), missing.stdout.as_slice()), (Some(2), [].as_slice()));
    assert!(!missing.stderr.is_empty());
    let nothing = Command::new(BINARY).stdin(Stdio::null()).output().unwrap();
    assert_eq!((nothing.status.code(), nothing.stdout.as_slice()), (Some(2), [].as_slice()));
}
