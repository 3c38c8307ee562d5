//! Calls and addresses that the PWA must not have.

use std::sync::LazyLock;

use regex::Regex;

use crate::counts::pattern;
use crate::tidy::{Finding, Source};

struct Rule {
    name: &'static str,
    pattern: LazyLock<Regex>,
    holds_in: fn(&Source) -> bool,
    message: &'static str,
}

static RULES: [Rule; 5] = [
    Rule {
        name: "randomness",
        pattern: LazyLock::new(|| pattern(r"\bMath\.random\b")),
        holds_in: |_| true,
        message: "guessable; use crypto.getRandomValues",
    },
    Rule {
        name: "storage",
        pattern: LazyLock::new(|| pattern(r"\b(localStorage|sessionStorage)\b")),
        holds_in: |_| true,
        message: "is outside the sealed store",
    },
    Rule {
        name: "html",
        pattern: LazyLock::new(|| {
            pattern(r"\{@html|\binnerHTML\b|\bouterHTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b")
        }),
        holds_in: |source| !source.is_test(),
        message: "would run what others wrote",
    },
    Rule {
        name: "eval",
        pattern: LazyLock::new(|| pattern(r"\beval\(|\bnew Function\(")),
        holds_in: |source| !source.is_test(),
        message: "is what the content security policy forbids",
    },
    Rule {
        name: "sleep",
        pattern: LazyLock::new(|| {
            pattern(
                r"\bwaitForTimeout\b|timers/promises|=>\s*(globalThis\.|window\.)?setTimeout\(|\bsetTimeout\((resolve|done|r)\b",
            )
        }),
        holds_in: Source::is_test,
        message: "tests wait for what they wait for, never for time to pass",
    },
];

/// An address with a host.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?:\b(?:https?|wss?):|(?:src|href|url)\s*[=(]\s*["']?)//(?<host>[A-Za-z0-9.-]+)"#)
});

/// Hosts that are names and not places (namespaces, RFC 2606), and this machine.
const HARMLESS: [&str; 3] = ["www.w3.org", "localhost", "127.0.0.1"];
const RESERVED: [&str; 3] = [".example", ".invalid", ".test"];

pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_web_source(source)) {
        for (index, line) in source.text.lines().enumerate() {
            let number = index + 1;
            if is_comment(line) {
                continue;
            }
            for rule in &RULES {
                if let Some(found) = rule.pattern.find(line)
                    && (rule.holds_in)(source)
                    && !source.allows(number, rule.name)
                {
                    let message = format!("`{}`: {} ({})", found.as_str(), rule.message, rule.name);
                    findings.push(Finding::at(source, number, message));
                }
            }
            for host in foreign_hosts(line) {
                if is_shipped(source) && !source.allows(number, "third-party") {
                    findings.push(Finding::at(
                        source,
                        number,
                        format!("`{host}`: a third party (third-party)"),
                    ));
                }
            }
        }
    }
    findings
}

fn is_web_source(source: &Source) -> bool {
    // The configuration of tools beside them names what it forbids.
    let path = &source.path;
    (is_shipped(source) || ["web-demo/test/", "web-demo/src/"].iter().any(|folder| path.starts_with(folder)))
        && source.has_extension(&["ts", "js", "mjs", "svelte", "html", "css", "svg", "webmanifest"])
}

/// What reaches a browser.
fn is_shipped(source: &Source) -> bool {
    let path = &source.path;
    !source.is_test()
        && (path.starts_with("web-demo/src/")
            || path.starts_with("web-demo/public/")
            || path == "web-demo/index.html")
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "/*", "*", "<!--"].iter().any(|start| line.starts_with(start))
}

fn foreign_hosts(line: &str) -> Vec<String> {
    ADDRESS
        .captures_iter(line)
        .filter_map(|captures| captures.name("host").map(|host| host.as_str().to_owned()))
        .filter(|host| !HARMLESS.contains(&host.as_str()))
        .filter(|host| !RESERVED.iter().any(|end| host.ends_with(end)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::Source;

    fn rules(path: &str, text: &str) -> Vec<String> {
        check(&[Source::fixture(path, text)])
            .iter()
            .filter_map(|finding| finding.message.rsplit('(').next()?.strip_suffix(')').map(str::to_owned))
            .collect()
    }

    #[test]
    fn shipped_code_neither_guesses_nor_stores_nor_runs_html() {
        let path = "web-demo/src/ui/Thread.svelte";
        assert_eq!(rules(path, "const id = Math.random();"), ["randomness"]);
        assert_eq!(rules(path, "localStorage.setItem('a', 'b');"), ["storage"]);
        assert_eq!(rules(path, "<p>{@html text}</p>"), ["html"]);
        assert_eq!(rules(path, "element.innerHTML = text;"), ["html"]);
        assert_eq!(rules(path, "eval(text)"), ["eval"]);
        assert_eq!(rules(path, "// Math.random would be guessable\nconst retrieval = medieval(1);"), [""; 0]);
    }

    #[test]
    fn tests_do_not_sleep() {
        let path = "web-demo/test/e2e/join.test.ts";
        assert_eq!(rules(path, "await page.waitForTimeout(100);"), ["sleep"]);
        assert_eq!(rules(path, "await new Promise((resolve) => setTimeout(resolve, 100));"), ["sleep"]);
        assert_eq!(rules(path, "import { setTimeout } from 'node:timers/promises';"), ["sleep"]);
        assert_eq!(rules("web-demo/src/engine/worker.ts", "timer = setTimeout(tick, 100);"), [""; 0]);
    }

    #[test]
    fn third_parties_are_named_and_own_addresses_pass() {
        let path = "web-demo/src/main.ts";
        assert_eq!(rules(path, "fetch('https://fonts.example.com/a.css')"), ["third-party"]);
        assert_eq!(
            rules("web-demo/index.html", "<script src=\"//cdn.example.com/x.js\"></script>"),
            ["third-party"]
        );
        assert_eq!(rules("web-demo/src/app.css", "src: url(//cdn.example.com/x.woff2)"), ["third-party"]);
        let own = "const a = 'http://www.w3.org/2000/svg', b = 'http://localhost:8787', c = 'https://kita.example';";
        assert_eq!(rules(path, own), [""; 0]);
        assert_eq!(rules("web-demo/test/e2e/a.test.ts", "await page.goto('https://attacker.com')"), [""; 0]);
    }
}
