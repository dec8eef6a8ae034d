//! The write-ahead log as SQLite lays it out: a header, then frames of a header and a page, each summed on from the one before it.
//!
//! After <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>; reads no file.

use super::page::{fits, is_size};

/// How long the header of the log is.
pub const LOG_HEAD: usize = 32;
/// How long the header of a frame is.
pub const HEAD: usize = 24;
/// The last eight bytes of either header are its sum.
pub const SUM: usize = 8;
/// Before its sum, a frame's header holds eight bytes that say which page it is, and the log's two salts.
const SALTED: usize = 8;

/// A log begins with it, but for the last bit: whether words are summed with their high byte first.
const MAGIC: u32 = 0x377F_0682;

/// The only version of logs there is.
const VERSION: [u8; 4] = 3_007_000_u32.to_be_bytes();

/// Which byte of a word comes first where words are summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The high one.
    High,
    /// The low one.
    Low,
}

impl Order {
    /// What a log made on this machine has.
    pub const HERE: Self = if cfg!(target_endian = "big") { Self::High } else { Self::Low };

    /// What the first bytes of a log say; none when it is no log.
    pub fn of(log: &[u8]) -> Option<Self> {
        match u32::from_be_bytes(*log.first_chunk()?) {
            MAGIC => Some(Self::Low),
            high if high == MAGIC | 1 => Some(Self::High),
            _ => None,
        }
    }
}

/// The sum of a log so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain(u32, u32);

impl Chain {
    /// As it is written down.
    pub fn of(bytes: [u8; SUM]) -> Self {
        match bytes.as_chunks::<4>().0 {
            [one, other] => Self(u32::from_be_bytes(*one), u32::from_be_bytes(*other)),
            // Eight bytes are two words.
            _ => Self::default(),
        }
    }

    /// How it is written down.
    pub fn bytes(self) -> [u8; SUM] {
        ((u64::from(self.0) << 32) | u64::from(self.1)).to_be_bytes()
    }

    /// Sums on.
    pub fn on(mut self, order: Order, bytes: &[u8]) -> Self {
        let word = match order {
            Order::High => u32::from_be_bytes,
            Order::Low => u32::from_le_bytes,
        };
        for [one, other] in bytes.as_chunks::<4>().0.as_chunks::<2>().0 {
            self.0 = self.0.wrapping_add(word(*one)).wrapping_add(self.1);
            self.1 = self.1.wrapping_add(word(*other)).wrapping_add(self.0);
        }
        self
    }

    /// The sum that a frame has after this one.
    pub fn frame(self, order: Order, frame: Frame<'_>) -> Self {
        self.on(order, frame.which).on(order, frame.page)
    }
}

/// The header of a log.
#[derive(Clone, Copy, Debug)]
pub struct LogHead {
    /// How words are summed.
    pub order: Order,
    /// How large a page is.
    pub size: usize,
    /// What the headers of its frames repeat.
    pub salts: [u8; SALTED],
    /// Its sum, on which the first frame sums on.
    pub chain: Chain,
}

impl LogHead {
    /// Reads it; none when it is no header, or damaged.
    pub fn of(bytes: &[u8; LOG_HEAD]) -> Option<Self> {
        let (rest, sum) = bytes.split_last_chunk::<SUM>()?;
        let order = Order::of(rest)?;
        let chain = Chain::default().on(order, rest);
        if rest.get(4..8)? != VERSION {
            return None;
        }
        let size = usize::try_from(u32::from_be_bytes(*rest.get(8..)?.first_chunk()?)).ok()?;
        let salts = *rest.last_chunk()?;
        (chain == Chain::of(*sum) && is_size(size)).then_some(Self { order, size, salts, chain })
    }
}

/// A frame.
#[derive(Clone, Copy)]
pub struct Frame<'b> {
    /// Which page it is, and how large the database is where it ends a transaction.
    which: &'b [u8; 8],
    /// The salts of its log.
    pub salts: [u8; SALTED],
    /// The sum in its header.
    pub chain: Chain,
    /// The page.
    page: &'b [u8],
}

impl<'b> Frame<'b> {
    /// Reads a header with the page after it.
    pub fn of(bytes: &'b [u8]) -> Option<Self> {
        let (which, rest) = bytes.split_first_chunk()?;
        let (salts, rest) = rest.split_first_chunk()?;
        let (sum, page) = rest.split_first_chunk()?;
        Some(Self { which, salts: *salts, chain: Chain::of(*sum), page })
    }

    /// Whether a transaction ends with it.
    pub fn commits(&self) -> bool {
        self.which.last_chunk::<4>().is_some_and(|pages| *pages != [0; 4])
    }

    /// Whether the page has a sum of ours that fits.
    pub fn fits(&self) -> bool {
        fits(self.page)
    }

    /// Whether SQLite left the header to be finished when the transaction ends.
    pub fn is_open(&self) -> bool {
        self.salts == [0; SALTED] && self.chain == Chain::default()
    }
}

/// Which page a frame's header is of.
pub fn page_of(head: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*head.first_chunk()?))
}
