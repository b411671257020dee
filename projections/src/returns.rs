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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        identifiers::{PairingId, PersonId},
        pairing::Pairing,
    };
    use jiff::civil::{Date, date};
    use uuid::Uuid;

    const DAY: Option<Date> = Some(date(2026, 3, 2));

    fn report(
        requested_on: Option<Date>,
        waived_on: Option<Date>,
        filed_on: Option<Date>,
    ) -> Report {
        Report {
            person: PersonId(Uuid::nil()),
            side: Side::Mentee,
            requested_on,
            reminders: 2,
            waived_on,
            filed_on,
        }
    }

    /// R313, R314: what came back stands beside what was asked for, with the reminders; what came unasked stands apart.
    #[test]
    fn what_was_asked_for_is_filed_or_given_up_or_out() {
        let mut pairing = Pairing::formed(PairingId(Uuid::nil()), vec![], vec![], date(2026, 1, 5));
        pairing.reports = vec![
            report(DAY, None, DAY),
            report(DAY, DAY, DAY),
            report(DAY, DAY, None),
            report(DAY, None, None),
            report(None, None, DAY),
            report(None, None, None),
        ];
        let mut scheme = Scheme::default();
        scheme.pairings.insert_mut(pairing.id, pairing);
        let mentees = Returns {
            asked: 4,
            filed: 2,
            waived: 1,
            out: 1,
            filed_unasked: 1,
            reminders: 12,
        };
        assert_eq!(returns(&scheme, Side::Mentee), mentees);
        assert_eq!(mentees.asked, mentees.filed + mentees.waived + mentees.out);
        assert_eq!(returns(&scheme, Side::Mentor), Returns::default());
    }
}
