//! Where key material and nonces come from: outside.
//!
//! There is no generator here, so that a test can make the same history twice and a reviewer finds every
//! throw of the dice at one place, which is not this crate.

/// A source of bytes nobody can predict.
pub trait Entropy: Send + Sync {
    /// Fills the whole slice. For anything but tests this must be the generator of the operating system.
    fn fill(&self, bytes: &mut [u8]);
}
