//! Old payloads, lifted on read to the version today's code understands.
//!
//! Steps are pure and go one version at a time. Nothing is ever written back: the bytes in the log stay as
//! they were recorded. The list of types is the caller's; a type or version it does not name is an error,
//! because guessing at history would be worse than stopping.

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use super::Position;

/// Lifts a payload by one version, or says in words why it cannot.
pub type Step = fn(Value) -> Result<Value, String>;

/// A payload, or one sealed value of it. Numbers in a path are written `*`, so that items of a list are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    kind: String,
    path: Option<String>,
}

/// All shapes known today, and the way to them from every older version.
#[derive(Debug, Clone, Default)]
pub struct Upcasters {
    current: BTreeMap<Shape, u16>,
    steps: BTreeMap<(Shape, u16), Step>,
}

/// Collects shapes and steps; [`build`](Self::build) checks them.
#[derive(Debug, Clone, Default)]
pub struct UpcastersBuilder(Upcasters);

/// Why a set of steps cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UpcastersError {
    /// Some recorded version could not be lifted to today's.
    #[error("`{shape}` has no step from version {from}")]
    Gap {
        /// The type, with the path for a sealed value.
        shape: String,
        /// The version nothing leads on from.
        from: u16,
    },
    /// A step that leads nowhere: its shape is not named, or it starts at or after today's version.
    #[error("the step of `{shape}` from version {from} leads nowhere")]
    Stray {
        /// The type, with the path for a sealed value.
        shape: String,
        /// Where the step starts.
        from: u16,
    },
}

/// Why a recorded value cannot be understood. Whoever folds the log stops here; nothing is skipped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UpcastError {
    /// Nobody has named this type, or this sealed path of it.
    #[error("`{shape}` version {version} at position {position} is not known")]
    UnknownType {
        /// The type, with the path for a sealed value.
        shape: String,
        /// As recorded.
        version: u16,
        /// Where.
        position: Position,
    },
    /// Recorded by newer code than this.
    #[error("`{shape}` version {version} at position {position} is newer than {known}")]
    Newer {
        /// The type, with the path for a sealed value.
        shape: String,
        /// As recorded.
        version: u16,
        /// Where.
        position: Position,
        /// The newest this code knows.
        known: u16,
    },
    /// A step could not make sense of the payload.
    #[error("`{shape}` version {version} at position {position} cannot be lifted: {reason}")]
    Step {
        /// The type, with the path for a sealed value.
        shape: String,
        /// The version the step started from.
        version: u16,
        /// Where.
        position: Position,
        /// In the step's words.
        reason: String,
    },
}

impl Upcasters {
    /// Starts an empty registry.
    #[must_use]
    pub fn builder() -> UpcastersBuilder {
        UpcastersBuilder::default()
    }

    /// Lifts `data`, recorded as `kind` in `version`, to today's version.
    pub fn upcast(
        &self,
        kind: &str,
        version: u16,
        position: Position,
        data: Value,
    ) -> Result<Value, UpcastError> {
        self.lift(
            &Shape {
                kind: kind.to_owned(),
                path: None,
            },
            version,
            position,
            data,
        )
    }

    /// Lifts an opened sealed value of `kind` at `path`, whose own version is `version`.
    pub fn upcast_sealed(
        &self,
        kind: &str,
        path: &str,
        version: u16,
        position: Position,
        value: Value,
    ) -> Result<Value, UpcastError> {
        self.lift(&Shape::sealed(kind, path), version, position, value)
    }

    fn lift(
        &self,
        shape: &Shape,
        version: u16,
        position: Position,
        value: Value,
    ) -> Result<Value, UpcastError> {
        let known = match self.current.get(shape) {
            Some(known) if version >= 1 => *known,
            _ => {
                return Err(UpcastError::UnknownType {
                    shape: shape.name(),
                    version,
                    position,
                });
            }
        };
        if version > known {
            return Err(UpcastError::Newer {
                shape: shape.name(),
                version,
                position,
                known,
            });
        }
        (version..known).try_fold(value, |value, from| {
            let failed = |reason| UpcastError::Step {
                shape: shape.name(),
                version: from,
                position,
                reason,
            };
            match self.steps.get(&(shape.clone(), from)) {
                Some(step) => step(value).map_err(failed),
                None => Err(failed("no step".to_owned())), // `build` has ruled this out.
            }
        })
    }
}

impl UpcastersBuilder {
    /// Names a type and the version written today.
    #[must_use]
    pub fn current(mut self, kind: &str, version: u16) -> Self {
        self.0.current.insert(
            Shape {
                kind: kind.to_owned(),
                path: None,
            },
            version,
        );
        self
    }

    /// Adds the step of a payload from `from` to the next version.
    #[must_use]
    pub fn step(mut self, kind: &str, from: u16, step: Step) -> Self {
        self.0.steps.insert(
            (
                Shape {
                    kind: kind.to_owned(),
                    path: None,
                },
                from,
            ),
            step,
        );
        self
    }

    /// Names a sealed value and the version written today. Items of a list are written `/people/*/name`.
    #[must_use]
    pub fn current_sealed(mut self, kind: &str, path: &str, version: u16) -> Self {
        self.0.current.insert(Shape::sealed(kind, path), version);
        self
    }

    /// Adds the step of a sealed value from `from` to the next version.
    #[must_use]
    pub fn step_sealed(mut self, kind: &str, path: &str, from: u16, step: Step) -> Self {
        self.0.steps.insert((Shape::sealed(kind, path), from), step);
        self
    }

    /// Checks that every version from 1 reaches today's, and that no step is stray.
    pub fn build(self) -> Result<Upcasters, UpcastersError> {
        for (shape, current) in &self.0.current {
            let gap =
                (1..*current).find(|from| !self.0.steps.contains_key(&(shape.clone(), *from)));
            if let Some(from) = gap {
                return Err(UpcastersError::Gap {
                    shape: shape.name(),
                    from,
                });
            }
        }
        let leads_on = |shape: &Shape, from: u16| {
            self.0
                .current
                .get(shape)
                .is_some_and(|current| from < *current)
        };
        match self
            .0
            .steps
            .keys()
            .find(|(shape, from)| *from == 0 || !leads_on(shape, *from))
        {
            Some((shape, from)) => Err(UpcastersError::Stray {
                shape: shape.name(),
                from: *from,
            }),
            None => Ok(self.0),
        }
    }
}

impl Shape {
    fn sealed(kind: &str, path: &str) -> Self {
        let is_number =
            |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        let tokens: Vec<&str> = path
            .split('/')
            .map(|token| if is_number(token) { "*" } else { token })
            .collect();
        Self {
            kind: kind.to_owned(),
            path: Some(tokens.join("/")),
        }
    }

    fn name(&self) -> String {
        match &self.path {
            Some(path) => format!("{}#{path}", self.kind),
            None => self.kind.clone(),
        }
    }
}
