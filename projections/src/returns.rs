//! Which reports came back: every number beside what it is a part of, and never a percentage (R313, R314).

use domain::{Scheme, matching::Side, pairing::Report};

/// Reports of one side, at the end of pairings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returns {
    /// Those that were asked for.
    pub asked: u32,
    /// Of these, those that were filed.
    pub filed: u32,
    /// Of these, those that were given up and did not come.
    pub waived: u32,
    /// Of these, those that are waited for.
    pub out: u32,
    /// Filed without being asked for; not among those above.
    pub filed_unasked: u32,
    /// Reminders, in all.
    pub reminders: u32,
}

/// The reports of one side in a scheme.
#[must_use]
pub fn returns(scheme: &Scheme, side: Side) -> Returns {
    let mut returns = Returns::default();
    let reports = scheme
        .pairings
        .values()
        .flat_map(|pairing| &pairing.reports);
    for report in reports.filter(|report| report.side == side) {
        returns.count(report);
    }
    returns
}

impl Returns {
    fn count(&mut self, report: &Report) {
        self.reminders += u32::from(report.reminders);
        let filed = u32::from(report.filed_on.is_some());
        if report.requested_on.is_none() {
            self.filed_unasked += filed;
            return;
        }
        self.asked += 1;
        self.filed += filed;
        self.waived += u32::from(report.filed_on.is_none() && report.waived_on.is_some());
        self.out += u32::from(report.is_out());
    }
}
