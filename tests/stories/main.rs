//! Stories across rooms, told through the real binary.
