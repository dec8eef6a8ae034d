//! Sealing and opening of payloads under a key that script can use but never read. It stores nothing.

use super::error::{StorageError, from_name};
use crate::browser::{error_name, window};
use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, Crypto, CryptoKey, SubtleCrypto};

/// Length of the random number each payload is sealed with; 96 bits is what AES-GCM takes without hashing it.
const IV_BYTES: u32 = 12;

/// A sealed payload as it lies on disk.
pub(super) struct Sealed {
    /// The random number it was sealed with.
    pub iv: Uint8Array,
    /// Ciphertext and tag.
    pub data: JsValue,
}

fn refused(error: &JsValue) -> StorageError {
    from_name(&error_name(error))
}

fn crypto() -> Result<Crypto, StorageError> {
    let window = window().ok_or(StorageError::NotSecure)?;
    if !window.is_secure_context() {
        return Err(StorageError::NotSecure);
    }
    window.crypto().map_err(|_| StorageError::NotSecure)
}

fn subtle() -> Result<SubtleCrypto, StorageError> {
    Ok(crypto()?.subtle())
}

/// A fresh AES-GCM-256 key that cannot be exported.
pub(super) async fn fresh_key() -> Result<CryptoKey, StorageError> {
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let made = subtle()?
        .generate_key_with_object(&AesKeyGenParams::new("AES-GCM", 256), false, &usages)
        .map_err(|error| refused(&error))?;
    let key = JsFuture::from(made).await.map_err(|error| refused(&error))?;
    key.dyn_into().map_err(|_| StorageError::NotSecure)
}

/// The parameters; `place` (store and id) is authenticated, so that a record cannot be moved to another place.
fn parameters(iv: &Uint8Array, place: &str) -> AesGcmParams {
    let parameters = AesGcmParams::new_with_u8_array("AES-GCM", iv);
    parameters.set_additional_data_u8_array(&Uint8Array::from(place.as_bytes()));
    parameters
}

/// Seals a text for its place.
pub(super) async fn seal(key: &CryptoKey, place: &str, text: &str) -> Result<Sealed, StorageError> {
    let iv = Uint8Array::new_with_length(IV_BYTES);
    crypto()?.get_random_values_with_js_u8_array(&iv).map_err(|error| refused(&error))?;
    let plain: Object = Uint8Array::from(text.as_bytes()).into();
    let sealed = subtle()?
        .encrypt_with_object_and_buffer_source(&parameters(&iv, place), key, &plain)
        .map_err(|error| refused(&error))?;
    let data = JsFuture::from(sealed).await.map_err(|error| refused(&error))?;
    Ok(Sealed { iv, data })
}

/// Opens what `seal` made for the same place; nothing when key, place or content differ.
pub(super) async fn open(key: &CryptoKey, place: &str, sealed: &Sealed) -> Option<String> {
    let data: Object = sealed.data.clone().dyn_into().ok()?;
    let opened = subtle()
        .ok()?
        .decrypt_with_object_and_buffer_source(&parameters(&sealed.iv, place), key, &data)
        .ok()?;
    let plain = JsFuture::from(opened).await.ok()?;
    String::from_utf8(Uint8Array::new(&plain).to_vec()).ok()
}
