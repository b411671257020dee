//! What a line of the access matrix may be about: commands, questions, classes of data.

use domain::CommandKind;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the access matrix says at each line what it is")]
        pub enum $name { $($variant,)+ }

        impl $name {
            /// Every one, in the order in which they are declared: `one as usize` is its place.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name, as the access matrix spells it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

names! {
    /// A question that may be put.
    Query {
        Viewer = "viewer";
        Scheme = "scheme";
        AsOf = "asOf";
        Schemes = "schemes";
        Node = "node";
        Explain = "explain";
        RefusedBursts = "refusedBursts";
        Policies = "policies";
        Registers = "registers";
        Calendar = "calendar";
        Employers = "employers";
        Dashboard = "dashboard";
        Mentee = "mentee";
        Mentees = "mentees";
        Mentor = "mentor";
        Mentors = "mentors";
        Appointment = "appointment";
        Match = "match";
        Pairing = "pairing";
        Pairings = "pairings";
        Entitlement = "entitlement";
        AuditTrail = "auditTrail";
        Diff = "diff";
        WhatIf = "whatIf";
        PastYears = "pastYears";
        PublishedPeriods = "publishedPeriods";
        EvaluationReturns = "evaluationReturns";
        SuitableMentors = "suitableMentors";
        WaitingList = "waitingList";
        Campaigns = "campaigns";
        MentorInductionSeminars = "mentorInductionSeminars";
        DfeInductionDays = "dfeInductionDays";
        NeedsAnalysis = "needsAnalysis";
        NeedsProfile = "needsProfile";
        Concerns = "concerns";
        ThirdPersons = "thirdPersons";
        DevelopmentOpportunities = "developmentOpportunities";
        WorkList = "workList";
        DirectorPosts = "directorPosts";
        FirstTimeDirectors = "firstTimeDirectors";
        Measures = "measures";
        SensitiveReads = "sensitiveReads";
        Access = "access";
        Erasures = "erasures";
        PersonRecord = "personRecord";
        Health = "health";
        Log = "log";
        Checkpoint = "checkpoint";
        LogEntries = "logEntries";
        SessionsCalendar = "sessionsCalendar";
    }
}

names! {
    /// A class of data inside the answers.
    Class {
        Identity = "identity";
        Employment = "employment";
        Eligibility = "eligibility";
        TakeUp = "take-up";
        Preferences = "preferences";
        PenPortrait = "pen-portrait";
        SessionCount = "session-count";
        Evaluation = "evaluation";
        MeetingPlaces = "meeting-places";
        OwnNotes = "own-notes";
        CheckIn = "check-in";
        Difficulty = "difficulty";
        Closing = "closing";
        DeclineSide = "decline-side";
        Audit = "audit";
        Position = "position";
        NeedsAnalysis = "needs-analysis";
        NeedsProfile = "needs-profile";
        DevelopmentNews = "development-news";
        TimeInPost = "time-in-post";
        Consent = "consent";
        Characteristics = "characteristics";
        ErasureHolds = "erasure-holds";
    }
}

/// A part of the matrix. Each has its own names and its own word for "without further condition".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// Mutations, by their name in the schema.
    Commands,
    /// Queries, by their name in the schema.
    Queries,
    /// Classes of data.
    Fields,
}

impl Section {
    /// Every section, in the order of the file.
    pub const ALL: [Self; 3] = [Self::Commands, Self::Queries, Self::Fields];

    /// The name, as it stands between the brackets.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commands => "commands",
            Self::Queries => "queries",
            Self::Fields => "fields",
        }
    }
}

/// What one line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A command.
    Command(CommandKind),
    /// A question.
    Query(Query),
    /// A class of data.
    Class(Class),
}

impl Item {
    /// How many lines there can be.
    pub const COUNT: usize = CommandKind::ALL.len() + Query::ALL.len() + Class::ALL.len();

    /// Everything a line can be about, section by section.
    pub fn all() -> impl Iterator<Item = Self> {
        let commands = CommandKind::ALL.iter().copied().map(Self::Command);
        let queries = Query::ALL.iter().copied().map(Self::Query);
        commands
            .chain(queries)
            .chain(Class::ALL.iter().copied().map(Self::Class))
    }

    /// Its place in the table.
    #[must_use]
    pub const fn place(self) -> usize {
        match self {
            Self::Command(kind) => kind as usize,
            Self::Query(query) => CommandKind::ALL.len() + query as usize,
            Self::Class(class) => CommandKind::ALL.len() + Query::ALL.len() + class as usize,
        }
    }

    /// In which section its line stands.
    #[must_use]
    pub const fn section(self) -> Section {
        match self {
            Self::Command(_) => Section::Commands,
            Self::Query(_) => Section::Queries,
            Self::Class(_) => Section::Fields,
        }
    }

    /// The name, as the file spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Command(kind) => kind.name(),
            Self::Query(query) => query.name(),
            Self::Class(class) => class.name(),
        }
    }

    /// What stands under this name in a section. For reading the file and what people ask; no decision looks a name up.
    #[must_use]
    pub fn named(section: Section, name: &str) -> Option<Self> {
        Self::all().find(|item| item.section() == section && item.name() == name)
    }
}
