//! Hiding how long a value is: an answer of "yes" weighs as much as a short sentence.
//!
//! ```text
//! padded = length (u32, little-endian)  plaintext  zeros up to the size class
//! ```

use zeroize::Zeroizing;

use super::SealError;

/// The most bytes of one value.
pub const MAX_PLAINTEXT_BYTES: usize = 16_384;

/// What a plaintext may seem to measure, in bytes.
const CLASSES_BYTES: [usize; 5] = [64, 256, 1024, 4096, MAX_PLAINTEXT_BYTES];
const PREFIX_BYTES: usize = 4;

/// Prefixes the length and fills up to the next class.
pub(super) fn pad(plaintext: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let too_large = SealError::TooLarge {
        limit: MAX_PLAINTEXT_BYTES,
        actual: plaintext.len(),
    };
    let class = CLASSES_BYTES
        .into_iter()
        .find(|class| plaintext.len() <= *class);
    let (Some(class), Ok(length)) = (class, u32::try_from(plaintext.len())) else {
        return Err(too_large);
    };
    // Full capacity from the start: growing would leave a copy behind that nobody wipes.
    let mut padded = Zeroizing::new(Vec::with_capacity(PREFIX_BYTES + class));
    padded.extend_from_slice(&length.to_le_bytes());
    padded.extend_from_slice(plaintext);
    padded.resize(PREFIX_BYTES + class, 0);
    Ok(padded)
}

/// Takes away what [`pad`] added; refuses what it cannot have made.
pub(super) fn unpad(padded: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (prefix, rest) = padded
        .split_first_chunk::<PREFIX_BYTES>()
        .ok_or(SealError::NotAuthentic)?;
    let length = u32::from_le_bytes(*prefix) as usize;
    match rest.split_at_checked(length) {
        Some((plain, zeros))
            if zeros.iter().all(|byte| *byte == 0) && CLASSES_BYTES.contains(&rest.len()) =>
        {
            Ok(Zeroizing::new(plain.to_vec()))
        }
        _ => Err(SealError::NotAuthentic),
    }
}
