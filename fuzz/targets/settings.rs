//! The two files in TOML: the access matrix, and the settings.

use api::{
    identity::{
        Role,
        access::{Matrix, Section},
    },
    outside_bytes::settings_are_understood,
};
use domain::Command;

/// Any text as either file.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _understood = settings_are_understood(text);
    let Ok(matrix) = Matrix::parse(text) else {
        return;
    };
    let undeclared = matrix.undeclared(Section::Commands, Command::NAMES.iter().copied());
    for name in undeclared {
        for role in Role::ALL {
            assert_eq!(
                matrix.command(role, name),
                None,
                "what is not written is denied"
            );
        }
    }
}
