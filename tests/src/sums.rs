//! The sums at the end of a database file's pages, for tests that write to a file past the relay; written from their description and not from the relay's code.

use std::path::Path;

/// Puts the sums in place on every page of a file that has room for them, where somebody wrote without. Nobody may have
/// the file open.
pub fn put(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    assert_eq!(bytes[20], 8, "the file has no room for sums");
    for page in bytes.chunks_exact_mut(size) {
        let (rest, tail) = page.split_at_mut(size - 8);
        tail.copy_from_slice(&sum(rest).to_le_bytes());
    }
    std::fs::write(file, bytes).unwrap();
}

/// Four sums side by side, of every fourth word of eight bytes, the low byte first, begun with 1 to 4; then the sum of
/// those four, begun with 0.
fn sum(bytes: &[u8]) -> u64 {
    let mut four = [1, 2, 3, 4];
    for (n, word) in bytes.chunks_exact(8).enumerate() {
        four[n % 4] = step(four[n % 4], u64::from_le_bytes(word.try_into().unwrap()));
    }
    four.into_iter().fold(0, step)
}

fn step(sum: u64, word: u64) -> u64 {
    (sum ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}
