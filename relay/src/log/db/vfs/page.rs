//! A page of a database file and the sum in its last eight bytes; reads no file.
//!
//! A page is `size` bytes. Where the header says that eight of them are reserved on every page, those are the last, and
//! hold the sum of all others. The sum is of our own making: any change within one word of eight bytes changes it for
//! certain, since every step can be undone, and any other change all but for certain.

/// Bytes at the end of every page that SQLite leaves to us.
pub const RESERVED: u8 = 8;

/// The same as a length.
const TAIL: usize = RESERVED as usize;

/// The first bytes of the first page.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Where the first page says how large a page is, and how much of it is reserved.
const SIZE_AT: usize = 16;
const RESERVED_AT: usize = 20;

/// Multiplying by an odd number can be undone, as can turning; together they carry every bit far.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const TURN: u32 = 29;

/// Words that are summed side by side, since each step waits for the one before it.
const LANES: usize = 4;
const WORD: usize = 8;

/// What the first page says of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// How large a page is.
    pub size: usize,
    /// Whether pages carry sums.
    pub summed: bool,
}

impl Header {
    /// Reads the first page, or no less than its first hundred bytes; none when it is no first page.
    pub fn of(first: &[u8]) -> Option<Self> {
        if first.get(..MAGIC.len())? != MAGIC {
            return None;
        }
        let [high, low] = *first.get(SIZE_AT..)?.first_chunk()?;
        // The largest does not fit into two bytes and is written as 1.
        let size = match u16::from_be_bytes([high, low]) {
            1 => 65_536,
            size => usize::from(size),
        };
        let summed = *first.get(RESERVED_AT)? == RESERVED;
        is_size(size).then_some(Self { size, summed })
    }

    /// The same of a whole first page that was read: one of which nothing but the word about sums is damaged says by
    /// its sum that there are sums.
    pub fn read(first: &[u8]) -> Option<Self> {
        let mut header = Self::of(first)?;
        if !header.summed && first.len() == header.size {
            let mut mended = first.to_vec();
            *mended.get_mut(RESERVED_AT)? = RESERVED;
            header.summed = fits(&mended);
        }
        Some(header)
    }
}

/// Whether a page can be of this size.
pub const fn is_size(size: usize) -> bool {
    size.is_power_of_two() && size >= 512 && size <= 65_536
}

/// The sum of bytes.
fn sum(bytes: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(SPREAD).rotate_left(TURN);
    let mut lanes: [u64; LANES] = [1, 2, 3, 4];
    for part in bytes.chunks(LANES * WORD) {
        for (lane, word) in lanes.iter_mut().zip(part.as_chunks::<WORD>().0) {
            *lane = step(*lane, u64::from_le_bytes(*word));
        }
    }
    lanes.into_iter().fold(0, step)
}

/// Whether the sum at the end of a page is that of the page. A page of nothing but zeros was never written: SQLite leaves
/// pages out that hold nothing, and a file that grows over them has zeros there.
pub fn fits(page: &[u8]) -> bool {
    let Some((rest, tail)) = page.split_last_chunk::<TAIL>() else { return false };
    sum(rest) == u64::from_le_bytes(*tail) || page.iter().all(|byte| *byte == 0)
}

/// Puts the sum at the end of a page.
pub fn stamp(page: &mut [u8]) {
    if let Some((rest, tail)) = page.split_last_chunk_mut::<TAIL>() {
        *tail = sum(rest).to_le_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::{Header, RESERVED, fits, is_size, stamp};
    use proptest::prelude::*;

    fn first(size: usize, reserved: u8) -> Vec<u8> {
        let mut page = vec![7; size];
        page[..16].copy_from_slice(b"SQLite format 3\0");
        page[16..18].copy_from_slice(&u16::try_from(size).unwrap_or(1).to_be_bytes());
        page[20] = reserved;
        stamp(&mut page);
        page
    }

    #[test]
    fn a_single_flipped_bit_anywhere_is_found() {
        for fill in [0, 0xFF, 0x5A] {
            let mut page = vec![fill; 512];
            stamp(&mut page);
            assert!(fits(&page));
            for bit in 0..page.len() * 8 {
                page[bit / 8] ^= 1 << (bit % 8);
                assert!(!fits(&page), "bit {bit} over {fill}");
                page[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }

    proptest! {
        #[test]
        fn changes_are_found(page in proptest::collection::vec(any::<u8>(), 4096),
                             changes in proptest::collection::vec((0..4096usize, 1..=255u8), 1..6)) {
            let mut page = page;
            stamp(&mut page);
            let before = page.clone();
            for (at, change) in changes {
                page[at] ^= change;
            }
            prop_assert_eq!(fits(&page), page == before);
        }

        #[test]
        fn swapped_words_are_found(page in proptest::collection::vec(any::<u8>(), 4096), one in 0..511usize,
                                   other in 0..511usize) {
            let mut page = page;
            stamp(&mut page);
            let before = page.clone();
            for at in 0..8 {
                page.swap(one * 8 + at, other * 8 + at);
            }
            prop_assert_eq!(fits(&page), page == before);
        }
    }

    #[test]
    fn a_page_that_was_never_written_is_no_damage() {
        assert!(fits(&[0; 4096]));
        let mut written = [0; 4096];
        stamp(&mut written);
        assert!(fits(&written) && written != [0; 4096]);
    }

    #[test]
    fn the_first_page_says_how_large_pages_are_and_whether_they_carry_sums() {
        for size in [512, 4096, 32_768, 65_536] {
            assert_eq!(Header::of(&first(size, RESERVED)), Some(Header { size, summed: true }));
            assert_eq!(Header::of(&first(size, 0)[..100]), Some(Header { size, summed: false }));
        }
        assert_eq!(Header::of(b"SQLite format 3\0"), None);
        assert_eq!(Header::of(&[0; 4096]), None);
        assert!(!is_size(4095) && !is_size(256) && !is_size(131_072));
    }

    #[test]
    fn damage_to_the_word_about_sums_does_not_switch_them_off() {
        for bit in 0..8 {
            let mut page = first(4096, RESERVED);
            page[20] ^= 1 << bit;
            assert_eq!(
                Header::read(&page),
                Some(Header { size: 4096, summed: true }),
                "and then it does not fit"
            );
            assert!(!fits(&page));
        }
        let mut plain = first(4096, 0);
        plain[4088..].fill(9);
        assert_eq!(Header::read(&plain), Some(Header { size: 4096, summed: false }));
    }
}
