//! The two files in TOML: the access matrix, and the settings.

use api::{
    identity::{
        Role,
        access::{Item, Matrix},
    },
    outside_bytes::settings_are_understood,
};

/// Any text as either file.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _understood = settings_are_understood(text);
    let Ok(matrix) = Matrix::parse(text) else {
        return;
    };
    for item in matrix.undeclared() {
        for role in Role::ALL {
            let granted = matrix.granted(role, item);
            assert!(granted.is_empty(), "what is not written is denied");
        }
    }
    for item in Item::all() {
        for role in Role::ALL {
            let most = matrix.most(role, item);
            let granted = matrix.granted(role, item);
            assert!(most.is_none_or(|most| most.covers(granted)), "the floor");
        }
    }
    let shipped = Matrix::embedded().expect("the matrix of this binary");
    let Ok(narrowed) = shipped.clone().narrowed(text) else {
        return;
    };
    for item in Item::all() {
        for role in Role::ALL {
            let (before, after) = (shipped.granted(role, item), narrowed.granted(role, item));
            assert!(before.covers(after), "a deployment only takes away");
        }
    }
}
