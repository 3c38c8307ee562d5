//! `minicbor`, without the half of its derived code that nothing of ours can reach.
//!
//! A derived `decode` is written twice: for a definite length, and for one that a break ends. Deterministic CBOR (RFC 8949
//! section 4.2.1) has no breaks and `nestpost_protocol::codec::decode` refuses them, yet a phone would load both. What is
//! derived asks for the break as `minicbor::data::Type::Break`; under this crate's name the answer is a constant, so that the
//! compiler drops the loop. A map or array that a break ends is read as an empty one, and refused as what it is.

pub use minicbor::*;

/// As in `minicbor`, the kind of a value excepted.
pub mod data {
    pub use minicbor::data::*;

    /// Where derived code looks for the break.
    #[derive(Debug)]
    pub struct Type;

    impl Type {
        /// What ends an indefinite length.
        #[expect(non_upper_case_globals, reason = "a variant's name, where derived code expects one")]
        pub const Break: Break = Break;
    }

    /// The break, which whatever comes next is taken for.
    #[derive(Debug)]
    pub struct Break;

    impl PartialEq<minicbor::data::Type> for Break {
        fn eq(&self, _: &minicbor::data::Type) -> bool {
            true
        }
    }
}
