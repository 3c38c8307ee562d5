//! A file of evidence, read for whoever it was handed to. Nothing but the file is asked: no house, no relay. What is *not* checked: whether a
//! record or a wrap breaks a rule (that takes the house's log), and whether who signed a move directs the house.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use nestpost_protocol::codec;
use nestpost_protocol::evidence::{Case, Evidence, EvidenceError, History, SignedHeader, Verdict};
use nestpost_protocol::id::{CircleId, RelayKey};
use nestpost_protocol::limit;
use nestpost_protocol::log::Body;
use nestpost_protocol::message::LOG;
use nestpost_protocol::record::Header;

use crate::moving::fingerprint;

/// What a file shows, in lines: whose house, which keys of relays, and of each case the statements that contradict each other
/// and what follows. Signatures are checked first; what does not hold is not told.
///
/// # Errors
/// [`EvidenceError`]: the file proves nothing.
pub fn report(bytes: &[u8]) -> Result<String, EvidenceError> {
    let evidence = Evidence::decode(bytes)?;
    let findings = evidence.check()?;
    if findings.is_empty() {
        return Err(EvidenceError::Consistent);
    }
    let mut first = None;
    let mut moved: Vec<(RelayKey, String)> = Vec::new();
    let mut lines = Lines(String::new());
    lines.say(format_args!("house: {} ({})", fingerprint(&evidence.house), evidence.house));
    for entry in std::iter::once(&evidence.found).chain(&evidence.moves) {
        let said = entry.link().and_then(|link| entry.check(&link)).map_err(|_| EvidenceError::House)?;
        match said.kind {
            Body::Found(found) => {
                first = Some(found.relay);
                lines.say(format_args!("relay: key {}, named when the house began", found.relay));
            }
            Body::Restored(body) => {
                let cosigners = said.cosignatures.iter().map(|cosignature| cosignature.device);
                let signers: Vec<String> = std::iter::once(said.body.author)
                    .chain(cosigners)
                    .map(|device| device.to_string())
                    .collect();
                let signers = signers.join(", ");
                if let Some(relay) = body.relay {
                    lines.say(format_args!(
                        "relay: key {relay}, named later by devices {signers}; whether they direct the house is asked of the house"
                    ));
                    moved.push((relay, signers));
                }
            }
            _ => {}
        }
    }
    let (mut contradictions, mut proven) = (0, 0);
    for (number, (case, finding)) in (1_usize..).zip(evidence.cases.iter().zip(&findings)) {
        // The key that the house began with counts as that, whatever a move says of it.
        let later = finding.key.filter(|key| Some(*key) != first);
        let named = later.and_then(|key| {
            // A house may go back to a relay, and say so again.
            let by = moved.iter().filter(|(relay, _)| *relay == key).map(|(_, signers)| signers.as_str());
            let by: BTreeSet<&str> = by.collect();
            (!by.is_empty()).then(|| (key, by.into_iter().collect::<Vec<_>>().join("; or ")))
        });
        lines.say(format_args!("case {number}: {}", place(case.circle())));
        lines.case(case)?;
        let meaning = meaning(&finding.verdict);
        match (named, finding.verdict) {
            (None, Verdict::Relay) => lines.say(format_args!("  so: proven: {meaning}")),
            (None, _) => lines.say(format_args!("  so: {meaning}")),
            (Some((key, signers)), verdict) => {
                let proven = if verdict == Verdict::Relay { "proven only" } else { "only" };
                lines.say(format_args!(
                    "  so: {proven} if the house's directing devices {signers} named this key {key}: {meaning}"
                ));
            }
        }
        contradictions += usize::from(!matches!(finding.verdict, Verdict::Device(_) | Verdict::Wrap(_)));
        proven += usize::from(finding.verdict == Verdict::Relay && later.is_none());
    }
    lines.say(format_args!(
        "all signatures hold; cases: {}, contradictions: {contradictions}, proven against the relay: {proven}",
        findings.len()
    ));
    Ok(lines.0)
}

fn place(circle: Option<CircleId>) -> String {
    match circle {
        Some(circle) if circle != LOG => format!("circle {circle}"),
        _ => "the list of who belongs".to_owned(),
    }
}

fn meaning(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Relay => "the relay signed two histories, and nobody else can have done that".to_owned(),
        Verdict::RelayOrDevice(device) => format!("one of two lied: the relay, or device {device}"),
        Verdict::Word(device) => format!(
            "device {device} signed this; that the house was shown something else is the word of who shows this file"
        ),
        Verdict::WordOfRelay => {
            "the relay signed the one; that it showed the other is the word of who shows this file".to_owned()
        }
        Verdict::Device(device) => format!(
            "contradicts nothing by itself; only that device {device} signed this: whether it breaks a rule is asked of the house"
        ),
        Verdict::Wrap(device) => format!(
            "contradicts nothing by itself; only that device {device} made this: that it does not open is the word of who shows this file"
        ),
    }
}

/// Text that grows by lines.
struct Lines(String);

impl Lines {
    fn say(&mut self, line: std::fmt::Arguments<'_>) {
        // A string takes everything.
        let _ = writeln!(self.0, "{line}");
    }

    fn case(&mut self, case: &Case) -> Result<(), EvidenceError> {
        match case {
            Case::Histories(one, other) => {
                self.history(one);
                self.history(other);
            }
            Case::Seen(history, header) => {
                self.history(history);
                let header = read(header)?;
                let (device, seen) = (header.author, header.seen);
                self.say(format_args!("  device {device} saw at position {}: {}", seen.n, seen.acc));
            }
            Case::Head(header, link) => {
                let header = read(header)?;
                let (device, head) = (header.author, header.log);
                self.say(format_args!("  device {device} saw as entry {}: {}", head.seq, head.hash));
                self.say(format_args!("  whoever shows this was shown: {}", link.hash()));
            }
            Case::Record(header, body) => {
                let header = read(header)?;
                let with = if body.is_some() { "with its body" } else { "without its body" };
                self.say(format_args!("  a record of device {}, {with}", header.author));
            }
            Case::Wrap(_) => self.say(format_args!("  a wrapped key")),
        }
        Ok(())
    }

    fn history(&mut self, history: &History) {
        let (from, next) = (history.from, history.ids.len());
        match history.signed {
            Some(signed) => self.say(format_args!(
                "  the relay signed at position {}: {}, then {next} records, in its life {}",
                from.n, from.acc, signed.claim.incarnation
            )),
            None => self.say(format_args!("  shown, not signed, at position {}: {}", from.n, from.acc)),
        }
    }
}

fn read(signed: &SignedHeader) -> Result<Header, EvidenceError> {
    Ok(codec::decode(&signed.header, limit::RECORD_HEADER_BYTES_MAX)?)
}
