//! What several modules' tests share.
/// How many cases a property is tried with: `short`, unless proptest's own variable asks for another number.
pub(crate) fn cases(short: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(short)
}
