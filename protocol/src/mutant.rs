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
        $crate::mutant::stands($crate::mutant::Rule::$rule)
    };
}

#[cfg(feature = "mutants")]
pub use listed::{Rule, asked, choose, stands};

#[cfg(feature = "mutants")]
mod listed {
    use std::cell::{Cell, RefCell};

    macro_rules! rules {
        ($($rule:ident: $says:literal,)*; $($sync:ident: $sync_says:literal,)*) => {
            /// A rule that can be taken out.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
            pub enum Rule {
                $(#[doc = $says] $rule,)*
                $(#[doc = $sync_says] $sync,)*
            }

            impl Rule {
                /// Who belongs and who reads, with what each says: random houses find them missing.
                pub const ALL: &[(Self, &'static str)] = &[$((Self::$rule, $says),)*];
                /// What is written is neither lost nor told twice: worlds in which much goes wrong find them missing.
                pub const SYNC: &[(Self, &'static str)] = &[$((Self::$sync, $sync_says),)*];
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
        Families: "educators let in those whose children they care for",
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
        ;
        StoredFirst: "nothing is sent before it is stored",
        DoneWhenStored: "nothing is done before it is stored",
        SameBytes: "without an answer the same bytes are sent again",
        OutboxKept: "what waits survives the end of a line",
        PendingStored: "what was written is stored",
        IntentStored: "what was decided is stored",
        OnlyAnswered: "only what was acknowledged is struck off",
        OwnAnswer: "an answer belongs to what it answers",
        ChainGoesOn: "records of a device number on",
        ChainNamed: "a record names the one before",
        ActorFresh: "no two starts write as the same actor",
        StartSealed: "a batch says which start wrote it",
        WrapStored: "keys that came are stored",
        WrapAckLater: "keys are acknowledged once they are stored",
        NextRow: "records are taken one after the other",
        LogFirst: "no record is judged by a log that lacks what it names",
        OwnReadAgain: "a device that lost records of its own asks for everything",
        LockedKept: "what does not open yet is kept",
        LinksFollowed: "newer keys lead to older ones",
        UnlockedApplied: "what opens later is read then",
        NotedTaken: "what a device died over is tried again",
        NoteBeforeApply: "records are stored before they are read",
        FreshKeys: "stale keys are renewed before anything is sealed",
        WrittenAnew: "what a document no longer takes goes into another",
        SameItem: "what is written anew is the same item",
        AllAnew: "everything that waits is written anew",
        StuckSaid: "what cannot be sent any more is said",
        OldTakenOut: "what is written anew stands in its old document no more",
        KnownAgain: "a relay acknowledges what it has already",
        AckDurable: "a relay acknowledges what is durable",
        WholeFrame: "a frame is taken as a whole",
        ClockSetBack: "nobody waits for as long as a clock was wrong",
        RetryLater: "what was refused is tried again later",
        SnapshotVouched: "a snapshot is believed as far as its authors vouch for it",
        SnapshotAudited: "what a snapshot had and no record has goes again",
        SnapshotLast: "a snapshot names everybody's last record",
        SparedAsked: "records that a snapshot spared are looked at",
        LostShown: "a relay is shown what it signed and does not have",
        GivenBack: "a relay is given back what it lost",
        SentAgain: "what the house goes on without is sent again by its author",
        LackBrought: "what a relay lacks is brought by whoever has it",
        ErasedGone: "what was erased does not come back",
        RestrictedHidden: "what is restricted is shown to nobody",
        RestrictedKept: "what is restricted is not erased",
    }

    const RULES: usize = Rule::ALL.len() + Rule::SYNC.len();

    thread_local! {
        static CHOSEN: Cell<Option<Rule>> = const { Cell::new(None) };
        static ASKED: RefCell<[u64; RULES]> = const { RefCell::new([0; RULES]) };
    }

    /// Takes one rule out on this thread, and puts back the one before, which it returns.
    pub fn choose(rule: Option<Rule>) -> Option<Rule> {
        CHOSEN.replace(rule)
    }

    /// Whether a rule stands on this thread; that it was asked is counted.
    #[must_use]
    pub fn stands(rule: Rule) -> bool {
        ASKED.with_borrow_mut(|asked| {
            if let Some(count) = asked.get_mut(rule as usize) {
                *count += 1;
            }
        });
        CHOSEN.get() != Some(rule)
    }

    /// How often each rule was asked on this thread since this was called last.
    #[must_use]
    pub fn asked() -> Vec<(Rule, u64)> {
        let counts = ASKED.replace([0; RULES]);
        let rules = Rule::ALL.iter().chain(Rule::SYNC).map(|(rule, _)| *rule);
        rules.zip(counts).filter(|(_, count)| *count > 0).collect()
    }
}
