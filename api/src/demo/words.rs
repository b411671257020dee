//! What the invented people of the demonstration say of themselves and of the scheme.
//!
//! Nothing here tells what was said in a session: reports are on the process, and portraits on the person.

pub(super) const BACKGROUNDS: &[&str] = &[
    "social care",
    "education",
    "early help",
    "youth justice",
    "health",
    "public health",
    "housing",
    "finance",
];

pub(super) const EXPERTISE: &[&str] = &[
    "improvement after inspection",
    "inspection",
    "placements and sufficiency",
    "special educational needs",
    "workforce and recruitment",
    "partnership with health",
    "budgets under pressure",
    "political leadership",
    "early help",
    "adolescents and exploitation",
    "alternative delivery models",
    "joint adult and children's services",
];

pub(super) const INTERESTS: &[&str] = &[
    "care-experienced leadership",
    "restorative practice",
    "data that people use",
    "small and rural councils",
    "coaching",
    "regional work",
    "the voice of children",
];

pub(super) const CHALLENGES: &[&str] = &[
    "Led a department out of intervention in three years.",
    "Brought children's services back into the council from a trust.",
    "Rebuilt a workforce that had lost a third of its social workers.",
    "Set up a family safeguarding model with two neighbouring councils.",
    "Took on adult services in the middle of a budget crisis.",
    "Prepared four inspections, two of them good.",
    "Closed a deficit in the high needs block with the schools, not against them.",
];

pub(super) const SPANS: &[&str] = &[
    "Children's social care, early help and education; about 900 staff.",
    "Children's and adults' services; about 1,600 staff.",
    "Children's social care and youth justice; about 450 staff.",
    "Education, skills and children's social care; about 1,100 staff.",
    "No post at present; chairs a safeguarding partnership two days a week.",
];

pub(super) const SUMMARIES: &[&str] = &[
    "Assistant director for social care until now; would like somebody who came the same way.",
    "Came from education and has never led social care.",
    "Director of adult services with children's services added; little time, prefers video.",
    "Interim in two councils before; interested in what comes after the first hundred days.",
    "Knows the council well, knows the region hardly at all.",
    "Would like a mentor from outside the region.",
    "First inspection expected within the year.",
];

pub(super) const STRENGTHS: &[&str] = &[
    "A choice of mentors, and quickly.",
    "Somebody outside the council who had done the job.",
    "The first meeting settled how we would work.",
    "Dates were agreed at the start and mostly kept.",
    "The coordinator called when it was needed and not more often.",
];

pub(super) const WEAKNESSES: &[&str] = &[
    "It began three months after the post did.",
    "Travel took half a day each time.",
    "Four sessions were used up before the year was.",
    "The induction day came too late to be of use.",
];

pub(super) const OUTCOMES: &[&str] = &[
    "Felt less alone in the first months.",
    "A clearer idea of which development to ask for.",
    "More confident in front of members.",
    "A network beyond the region.",
];

pub(super) const ADVICE: &[&str] = &[
    "Offer it before the first day in post.",
    "Let pairs agree to a fifth session.",
    "Tell chief executives what it is.",
    "Keep it confidential, as it was.",
];

/// What the office understands a mentee to need.
pub(super) const NEEDS: &[&str] = &[
    "somebody who has led through an inspection",
    "how members and cabinet work",
    "the money: schools, placements, savings",
    "the first hundred days",
    "a sounding board outside the region",
    "working with a trust",
];

/// What a mentee puts right in what the office understood.
pub(super) const CORRECTIONS: &[&str] = &[
    "Inspection is not the worry; keeping good social workers is.",
    "Less about money than it sounds.",
    "The region is no matter after all.",
];

/// What a mentee gives priority to, in the service and in person.
pub(super) const PRIORITIES: &[&str] = &[
    "Children placed far from home who could be nearer",
    "Reading a budget as the treasurer reads it",
];

/// How personnel systems and newspapers call a director.
pub(super) const DIRECTOR: &[&str] = &[
    "Director of Children's Services",
    "Director of Children's Services",
    "Executive Director of Children's Services",
    "Corporate Director of Children's Services",
    "Strategic Director of Children's Services",
    "Director of Children and Young People's Services",
    "DCS",
];
