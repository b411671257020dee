//! Who signs checkpoints, and by what they are recognised: the keys of C2SP `signed-note`.
//!
//! ```text
//! key id       = first four bytes of SHA-256(name || 0x0A || algorithm || public key)
//! verifier key = name "+" key id in hexadecimal "+" base64(algorithm || public key)
//! ```
//!
//! There is one algorithm, Ed25519 (RFC 8032), in two uses: a log signs a checkpoint (0x01), a witness cosigns one (0x04).
//! Ed25519 needs no dice to sign, so a seed is all there is to a signer.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::CheckpointError;

/// Bytes of the seed that an Ed25519 key is made of.
pub const SEED_BYTES: usize = 32;
const PUBLIC_BYTES: usize = 32;
const LOG: u8 = 0x01;
const WITNESS: u8 = 0x04;

/// A public key with its name, as it is handed to whoever checks checkpoints. Its text is a C2SP vkey.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: String,
    algorithm: u8,
    public: [u8; PUBLIC_BYTES],
}

impl VerifierKey {
    fn new(name: &str, algorithm: u8, public: [u8; PUBLIC_BYTES]) -> Result<Self, CheckpointError> {
        if !is_name(name) {
            return Err(CheckpointError::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            algorithm,
            public,
        })
    }

    /// Whose it is: a log's origin, or a witness's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a witness's, whose signatures carry the time at which they were made.
    #[must_use]
    pub fn is_witness(&self) -> bool {
        self.algorithm == WITNESS
    }

    /// What tells this key from others of the same name.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', self.algorithm])
            .chain_update(self.public)
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Whether `signature` is what this key makes of `message`.
    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.public)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let key = [&[self.algorithm], &self.public[..]].concat();
        write!(formatter, "{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        // Base64 may itself hold a plus, a name may not.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CheckpointError::Key);
        };
        let key = STANDARD.decode(key).map_err(|_| CheckpointError::Key)?;
        let [algorithm @ (LOG | WITNESS), public @ ..] = key.as_slice() else {
            return Err(CheckpointError::Key);
        };
        let public = public.try_into().map_err(|_| CheckpointError::Key)?;
        let key = Self::new(name, *algorithm, public)?;
        // Also whether the identifier in the middle is that of the key, and everything spelled in the one way.
        if key.to_string() == text {
            Ok(key)
        } else {
            Err(CheckpointError::Key)
        }
    }
}

/// A key that signs. Never printed.
pub struct Signer {
    pair: Ed25519KeyPair,
    key: VerifierKey,
}

impl Signer {
    /// The signer of a log, or of anything else that signs what it made itself, from its secret seed.
    pub fn log(name: &str, seed: &[u8; SEED_BYTES]) -> Result<Self, CheckpointError> {
        Self::of(name, LOG, seed)
    }

    /// A witness, which signs what it has checked and when, from its secret seed.
    pub fn witness(name: &str, seed: &[u8; SEED_BYTES]) -> Result<Self, CheckpointError> {
        Self::of(name, WITNESS, seed)
    }

    /// What its signatures are checked with.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.key
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    fn of(name: &str, algorithm: u8, seed: &[u8; SEED_BYTES]) -> Result<Self, CheckpointError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| CheckpointError::Key)?;
        let public = pair.public_key().as_ref().try_into();
        let public = public.map_err(|_| CheckpointError::Key)?;
        Ok(Self {
            pair,
            key: VerifierKey::new(name, algorithm, public)?,
        })
    }
}

/// What the text of a secret key begins with.
const SECRET: &str = "PRIVATE+KEY+";

/// The text of a witness's secret key: as others write them, for a file that nobody else reads.
#[must_use]
pub fn witness_secret(witness: &VerifierKey, seed: &[u8; SEED_BYTES]) -> Zeroizing<String> {
    let id = u32::from_be_bytes(witness.id());
    let key = Zeroizing::new([&[WITNESS], &seed[..]].concat());
    let key = Zeroizing::new(STANDARD.encode(&*key));
    Zeroizing::new(format!("{SECRET}{}+{id:08x}+{}", witness.name, *key))
}

impl FromStr for Signer {
    type Err = CheckpointError;

    /// Reads the text of a secret key.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let key = text.strip_prefix(SECRET).ok_or(CheckpointError::Key)?;
        let mut parts = key.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CheckpointError::Key);
        };
        let key = Zeroizing::new(STANDARD.decode(key).map_err(|_| CheckpointError::Key)?);
        let [algorithm @ (LOG | WITNESS), seed @ ..] = key.as_slice() else {
            return Err(CheckpointError::Key);
        };
        let seed = seed.try_into().map_err(|_| CheckpointError::Key)?;
        let signer = Self::of(name, *algorithm, seed)?;
        if format!("{:08x}", u32::from_be_bytes(signer.key.id())) == id {
            Ok(signer)
        } else {
            Err(CheckpointError::Key)
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signer({})", self.key.name)
    }
}

/// Whether this may name a key: not empty, without spaces, control characters or a plus.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control() || letter == '+')
}
