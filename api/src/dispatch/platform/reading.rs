//! Writing down who was given sensitive data, and telling it.

use super::{Failure, Platform, blocking};
use crate::dispatch::reads::{Given, Read, Reader};
use domain::identifiers::PersonId;
use std::{collections::BTreeSet, sync::Arc};

impl Platform {
    /// Writes down that `reader` is given this; durable when it returns. Where it fails the answer must not leave.
    pub async fn record_reads(
        &self,
        scheme: &str,
        reader: Reader,
        given: BTreeSet<Given>,
    ) -> Result<(), Failure> {
        let given = Arc::new(given);
        loop {
            let open = self.scheme(scheme).await?;
            let on = self.today(scheme, &open.snapshot());
            let reads = open.reads();
            if reads.knows(reader, on, &given) {
                return Ok(());
            }
            let (at, given) = (self.now(scheme), Arc::clone(&given));
            let recorded = blocking(move || reads.record(reader, on, at, &given)).await;
            // Closed meanwhile because it was idle: what was opened since can write.
            if recorded.is_ok() || Arc::ptr_eq(&open, &self.scheme(scheme).await?) {
                return recorded;
            }
        }
    }

    /// Who was given sensitive data of these people, earliest first. What it costs does not depend on how many they are.
    pub async fn reads_of(
        &self,
        scheme: &str,
        people: BTreeSet<PersonId>,
    ) -> Result<Vec<Read>, Failure> {
        let reads = self.scheme(scheme).await?.reads();
        blocking(move || reads.of(&people)).await
    }
}
