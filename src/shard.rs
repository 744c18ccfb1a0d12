//! Shards: parts of a project that are checked by different machines, each file in exactly one.

use std::num::NonZeroU64;
use std::path::Path;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::root::Root;

/// Which of how many shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// From 0.
    index: u64,
    count: NonZeroU64,
}

/// What is no shard.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PartError {
    /// It is not two numbers from 1.
    #[error("expected K/N, the number of a shard, from 1, and how many there are")]
    Form,
    /// The number is larger than how many there are.
    #[error("there is no such shard: its number is larger than how many there are")]
    TooLarge,
}

impl FromStr for Part {
    type Err = PartError;

    /// Reads `K/N`, of which `K` is from 1 to `N`.
    fn from_str(text: &str) -> Result<Part, PartError> {
        let (number, count) = text.split_once('/').ok_or(PartError::Form)?;
        let number: NonZeroU64 = number.parse().map_err(|_| PartError::Form)?;
        let count: NonZeroU64 = count.parse().map_err(|_| PartError::Form)?;
        match number <= count {
            true => Ok(Part {
                index: number.get() - 1,
                count,
            }),
            false => Err(PartError::TooLarge),
        }
    }
}

/// The files of a shard.
#[derive(Clone, Debug)]
pub struct Shard {
    part: Part,
    root: Root,
}

impl Shard {
    /// The part of the files below `root`.
    pub fn new(part: Part, root: Root) -> Shard {
        Shard { part, root }
    }

    /// Whether a file is in the shard: the first eight bytes of SHA-256 over its path, relative to
    /// the root with `/`, as a big-endian number modulo how many shards there are. It is the same on every
    /// platform and in every version.
    pub fn has(&self, path: &Path) -> bool {
        let digest = Sha256::digest(self.root.stable(path));
        let number = digest[..8]
            .iter()
            .fold(0, |number, &byte| number << 8 | u64::from(byte));
        number % self.part.count == self.part.index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_told_by_two_numbers() {
        assert!("1/1".parse::<Part>().is_ok() && "3/3".parse::<Part>().is_ok());
        for wrong in ["", "1", "0/2", "3/2", "1/0", "a/2", "1/2/3", "-1/2"] {
            assert!(wrong.parse::<Part>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_file_is_in_one_shard_and_stays_there() {
        let root = Root::around(std::env::temp_dir());
        let shards = |path: &str, count: u64| -> Vec<u64> {
            let has = |number: &u64| {
                let part = format!("{number}/{count}").parse().unwrap();
                Shard::new(part, root.clone()).has(path.as_ref())
            };
            (1..=count).filter(has).collect()
        };
        // What `printf agent/lock.py | sha256sum` begins with, modulo 2 to 7.
        let number: u64 = 0x6860_5e6d_9890_f203;
        for count in 2..=7 {
            assert_eq!(shards("agent/lock.py", count), [number % count + 1]);
            assert_eq!(
                shards("./agent/../agent/lock.py", count),
                [number % count + 1]
            );
        }
    }
}
