//! Sounds as rows: one for each name, replaced whole, there after the database was closed.

use super::*;
use shared::wire::{SOUND_MAX, SoundBody, SoundKind, SoundName};

fn about(sound: SoundName, kind: SoundKind, bytes: usize) -> SoundBody {
    SoundBody { sound, kind, bytes: u32::try_from(bytes).unwrap(), at: AT }
}

#[tokio::test]
async fn a_sound_is_kept_replaced_and_removed() {
    let (_folder, path) = file();
    let log = open(&path).await.unwrap();
    assert_eq!(log.sounds().await.unwrap(), []);
    let (first, second): (Vec<u8>, Vec<u8>) = ((0..=255).collect(), vec![0; SOUND_MAX]);
    log.save_sound(about(SoundName::Offer, SoundKind::Wav, 256), &first).await.unwrap();
    log.save_sound(about(SoundName::Message, SoundKind::Flac, 1), b"f").await.unwrap();
    let before = log.sounds().await.unwrap();
    log.save_sound(about(SoundName::Offer, SoundKind::Opus, SOUND_MAX), &second).await.unwrap();
    log.close().await;
    let log = open(&path).await.unwrap();
    let after = log.sounds().await.unwrap();
    let told: Vec<_> = after.iter().map(|one| (one.about.sound, one.about.kind, one.about.bytes)).collect();
    let large = u32::try_from(SOUND_MAX).unwrap();
    assert_eq!(told, [(SoundName::Message, SoundKind::Flac, 1), (SoundName::Offer, SoundKind::Opus, large)]);
    let bytes = async |digest: &str| log.sound_bytes(SoundName::Offer, digest).await.unwrap();
    assert_eq!(bytes(&after[1].digest).await, Some(second));
    assert_eq!(bytes(&before[1].digest).await, None, "one that was replaced is never handed out as another");
    assert!(log.remove_sound(SoundName::Offer).await.unwrap());
    assert!(!log.remove_sound(SoundName::Offer).await.unwrap());
    assert_eq!(log.sounds().await.unwrap(), [after[0].clone()]);
}
