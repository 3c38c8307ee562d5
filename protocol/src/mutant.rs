//! Rules that can be taken out while a program runs, one at a time, to see that somebody notices.
//!
//! Only with the feature `mutants`, which the crate of the tests alone asks for. Everywhere else [`stands!`] is `true`.

/// Whether a rule stands: it does, unless a test has taken it out.
#[cfg(not(feature = "mutants"))]
#[macro_export]
macro_rules! stands {
    ($rule:ident) => {
        true
    };
}

/// Whether a rule stands: it does, unless a test has taken it out.
#[cfg(feature = "mutants")]
#[macro_export]
macro_rules! stands {
    ($rule:ident) => {
        $crate::mutant::chosen() != Some($crate::mutant::Rule::$rule)
    };
}

#[cfg(feature = "mutants")]
pub use listed::{Rule, choose, chosen};

#[cfg(feature = "mutants")]
mod listed {
    use std::cell::Cell;

    macro_rules! rules {
        ($($rule:ident: $says:literal,)*) => {
            /// A rule that can be taken out.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum Rule {
                $(#[doc = $says] $rule,)*
            }

            impl Rule {
                /// All of them, with what they say.
                pub const ALL: &[(Self, &'static str)] = &[$((Self::$rule, $says),)*];
            }
        };
    }

    rules! {
        EndedDevice: "a device that was ended belongs to nobody",
        EndedRole: "whoever's role has ended reads nothing",
        RoleEndsMemberships: "memberships end with the role",
        EndedMember: "a member who was ended reads no more",
        OwnReaders: "who does not read a circle does not write in it",
        GuardiansOnlyRead: "guardians do not write where others read",
        Side: "everybody writes on their own side",
        CurrentEpoch: "content is sealed under the newest keys",
        FreshEpoch: "nothing is sealed under keys that somebody has who left",
        StaleReader: "keys are stale once a listed reader has gone",
        StaleDeparted: "keys are stale once somebody has gone who was given them later",
        EpochNumber: "keys are numbered one after the other",
        EpochKeys: "keys are made for every team that reads",
        EpochHead: "keys are made for the house as it is",
        EpochReaders: "keys are made for the circle's readers and nobody else",
        LeftOut: "parents whose own keys are stale are given the keys one by one",
        EpochWraps: "whoever is listed as a reader is given the keys",
        ParentsLinks: "nothing leads parents back to keys of before",
        WrapMaker: "readers who may not write give nobody keys",
        WrapReader: "nobody is given keys who does not read",
        Document: "a document stays in its circle",
        Chain: "records of a device follow each other",
        History: "records name what this relay has held",
        Rights: "the table says who may speak about whom",
        CircleRights: "the table says who may begin circles and fill them",
        Twice: "a director, or the sheet, goes only when two agree",
        LastDirector: "the last director cannot go",
        Nonce: "no order is carried out twice",
        OrderEntitled: "an order is by somebody who is entitled",
        TeamRenewed: "nobody leaves a team with its present keys",
        Given: "a team that comes is given the keys",
        Apart: "a protected guardian reads apart from the others",
        Masked: "protection renews the keys of a whole team",
        Audience: "guardians see what concerns them",
        ReaderLists: "guardians see no list of readers",
        ToldGuardian: "without the right to be told there is no thread",
        ChildGuardian: "without custody a guardian does not read the child",
        Wipe: "a device that hears that it was ended empties itself",
        FormerStaff: "whose time here is over sees nothing of the house",
        Removed: "what was taken back is shown nowhere",
    }

    thread_local! {
        static CHOSEN: Cell<Option<Rule>> = const { Cell::new(None) };
    }

    /// Takes one rule out on this thread, and puts back the one before.
    pub fn choose(rule: Option<Rule>) {
        CHOSEN.set(rule);
    }

    /// The rule that is taken out on this thread.
    #[must_use]
    pub fn chosen() -> Option<Rule> {
        CHOSEN.get()
    }
}
