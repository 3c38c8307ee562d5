use clap::Parser as _;

use super::cli::{Cli, Options};
use super::*;

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn a_flag_beats_the_file_and_the_file_beats_the_default() {
    let file = file("listen = '127.0.0.1:1'\nhouse_quota_bytes = 7\n[limits]\nidle_seconds = 5\n");
    let options = Options {
        config: Some(file.path().to_owned()),
        listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 2))),
        ..Options::default()
    };
    let config = options.resolve().unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.house_quota_bytes, 7);
    assert_eq!(config.limits.idle_seconds, 5);
    assert_eq!(config.limits.hello_seconds, Limits::default().hello_seconds);
    assert_eq!(config.data, PathBuf::from("nestpost-data"));
}

#[test]
fn what_is_misspelt_or_makes_no_sense_is_refused() {
    let bad = [
        "listn = '127.0.0.1:1'",
        "origins = ['kita.example']",
        "setup_code = 'short'",
        "[limits]\nidle_seconds = 0",
    ];
    for text in bad {
        let file = file(text);
        let options = Options { config: Some(file.path().to_owned()), ..Options::default() };
        assert!(options.resolve().is_err(), "{text}");
    }
}

#[test]
fn an_origin_is_scheme_and_authority() {
    let origin = Origin::parse("https://Kita.Example/").unwrap();
    assert!(origin.is_secure());
    assert_eq!(origin.authority(), "kita.example");
    assert_eq!(origin.websocket(), "wss://kita.example");
    assert_eq!(Origin::parse("http://localhost:8787").unwrap().authority(), "localhost:8787");
    for bad in [
        "kita.example",
        "ftp://kita.example",
        "https://",
        "https://a@kita.example",
        "https://kita.example/path",
    ] {
        assert_eq!(Origin::parse(bad), None, "{bad}");
    }
}

#[test]
fn the_setup_code_does_not_print() {
    let config =
        Config { setup_code: Some(SetupCode::new("very-secret-code".into())), ..Config::new("data") };
    assert!(!format!("{config:?}").contains("very-secret"));
    assert!(config.setup_code.unwrap().matches(" very-secret-code\n"));
}

#[test]
fn options_are_taken_before_and_after_the_command() {
    for arguments in
        [["nestpost", "serve", "--listen", "127.0.0.1:3"], ["nestpost", "--listen", "127.0.0.1:3", "serve"]]
    {
        assert_eq!(Cli::try_parse_from(arguments).unwrap().options.listen.unwrap().port(), 3);
    }
    assert!(Cli::try_parse_from(["nestpost", "--check-config"]).unwrap().check_config);
}
