//! Calls that have no place in a crate, or have one place only.

use anyhow::{Context as _, Result};

use crate::tidy::tokens::{Token, occurrences, pattern, tokens};
use crate::tidy::{Finding, Source};

/// A rule, what breaks it, and where it holds.
struct Rule {
    name: &'static str,
    patterns: &'static [&'static str],
    holds_in: fn(&Source, &Token) -> bool,
    message: &'static str,
}

const RULES: [Rule; 8] = [
    Rule {
        name: "clock",
        patterns: &["Instant::now", "SystemTime", "UNIX_EPOCH", "Timestamp::now", "Zoned::now"],
        holds_in: |source, _| is_pure(source),
        message: "core and protocol have no clock; `now` comes in with the input",
    },
    Rule {
        name: "randomness",
        patterns: &[
            "OsRng",
            "SysRng",
            "thread_rng",
            "ThreadRng",
            "rand::rng",
            "rand::random",
            "getrandom",
            "from_os_rng",
            "from_entropy",
        ],
        holds_in: |source, _| is_pure(source) && !is_crypto(source),
        message: "core and protocol draw from the generator they were given; only sealing uses the machine's",
    },
    Rule {
        name: "hash-order",
        patterns: &["HashMap", "HashSet"],
        holds_in: |source, token| is_pure(source) && !in_test(source, token),
        message: "its order differs from run to run; use `protocol::sorted`",
    },
    Rule {
        name: "signature-check",
        patterns: &[
            "verify_strict",
            "verify_prehashed",
            "verify_prehashed_strict",
            "verify_batch",
            "Verifier",
        ],
        holds_in: |source, token| source.path != "protocol/src/verify.rs" && !in_test(source, token),
        message: "signatures are checked in protocol/src/verify.rs alone",
    },
    Rule {
        name: "sealing-place",
        patterns: &["age::", "hkdf::", "Hkdf"],
        holds_in: |source, token| !is_crypto(source) && !in_test(source, token),
        message: "sealing and key derivation stand in core/src/crypto/ alone",
    },
    Rule {
        name: "signing-place",
        // The relay signs with its own key, and with nothing else.
        patterns: &["SigningKey", "ed25519_dalek::Signer"],
        holds_in: |source, token| {
            !is_crypto(source) && !source.path.starts_with("server/") && !in_test(source, token)
        },
        message: "signing stands in core/src/crypto/ alone",
    },
    Rule {
        name: "unfinished",
        patterns: &["dbg!", "todo!", "unimplemented!"],
        holds_in: |_, _| true,
        message: "is not finished",
    },
    Rule {
        name: "sleep",
        patterns: &["thread::sleep", "time::sleep"],
        holds_in: in_test,
        message: "tests wait for what they wait for, never for time to pass",
    },
];

pub(crate) fn check(sources: &[Source]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.has_extension(&["rs"])) {
        let tokens = tokens(&source.text).with_context(|| source.path.clone())?;
        findings.extend(check_file(source, &tokens)?);
    }
    Ok(findings)
}

fn check_file(source: &Source, tokens: &[Token]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for rule in &RULES {
        for text in rule.patterns {
            let pattern = pattern(text)?;
            for token in occurrences(tokens, &pattern) {
                if (rule.holds_in)(source, token) && !source.allows(token.line, rule.name) {
                    let message = format!("`{text}`: {} ({})", rule.message, rule.name);
                    findings.push(Finding::at(source, token.line, message));
                }
            }
        }
    }
    Ok(findings)
}

fn is_pure(source: &Source) -> bool {
    source.path.starts_with("core/src/") || source.path.starts_with("protocol/src/")
}

fn is_crypto(source: &Source) -> bool {
    source.path == "core/src/crypto.rs" || source.path.starts_with("core/src/crypto/")
}

fn in_test(source: &Source, token: &Token) -> bool {
    token.in_test || source.is_test()
}

#[cfg(test)]
mod tests {
    use super::{RULES, check};
    use crate::tidy::Source;

    fn broken(path: &str, text: &str) -> Vec<String> {
        check(&[Source::fixture(path, text)]).unwrap().iter().map(|finding| finding.message.clone()).collect()
    }

    fn breaks(path: &str, text: &str, rule: &str) -> bool {
        broken(path, text).iter().any(|message| message.ends_with(&format!("({rule})")))
    }

    #[test]
    fn every_pattern_of_every_rule_is_found_somewhere() {
        for rule in &RULES {
            for pattern in rule.patterns {
                let code = format!("fn f() {{ {pattern} }}");
                let found = ["core/src/engine.rs", "tests/it/main.rs"]
                    .iter()
                    .any(|path| breaks(path, &code, rule.name));
                assert!(found, "{pattern}");
            }
        }
    }

    #[test]
    fn crypto_seam_may_seal_and_draw_but_has_no_clock() {
        let path = "core/src/crypto/seal.rs";
        assert_eq!(
            broken(path, "use age::scrypt; fn f() { OsRng; Hkdf::new(); SigningKey::from_bytes(); }"),
            [""; 0]
        );
        assert!(breaks(path, "fn f() { Instant::now() }", "clock"));
        assert!(breaks("wasm/src/lib.rs", "use age::x;", "sealing-place"));
        assert!(breaks("client/src/lib.rs", "fn f(key: SigningKey) {}", "signing-place"));
    }

    #[test]
    fn signatures_are_checked_in_one_file() {
        let code = "fn f() { key.verify_strict(m, s) }";
        assert_eq!(broken("protocol/src/verify.rs", code), [""; 0]);
        assert!(breaks("server/src/login.rs", code, "signature-check"));
    }

    #[test]
    fn test_code_may_use_hash_maps_but_not_sleep() {
        let code =
            "#[cfg(test)] mod tests { use std::collections::HashMap; fn f() { std::thread::sleep(d); } }";
        assert!(!breaks("core/src/a.rs", code, "hash-order"));
        assert!(breaks("core/src/a.rs", code, "sleep"));
        assert!(breaks("core/src/a.rs", "use std::collections::{BTreeMap, HashMap};", "hash-order"));
        assert!(!breaks("client/src/a.rs", "fn f() { tokio::time::sleep(d); }", "sleep"));
    }

    #[test]
    fn reasoned_exception_is_heard() {
        let code = "// tidy: allow(hash-order): never iterated\nuse std::collections::HashMap;";
        assert_eq!(broken("core/src/a.rs", code), [""; 0]);
    }
}
