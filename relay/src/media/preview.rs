//! Pictures made anew from their pixels: whatever else lay in the file, from where it was taken to hidden scripts, stays behind.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use shared::interaction::Pixels;
use std::io::Cursor;

/// The longer side of a preview: sharp on a large screen at once its width, and some 200 kB.
const SIDE: u32 = 1_600;

/// 80 of 100: no difference that a person sees, a third of the size of 95.
const QUALITY: u8 = 80;

/// 256 MiB of memory for one picture: 64 million pixels, more than any phone takes.
const MEMORY: u64 = 256 * 1_024 * 1_024;

/// No side of a picture is longer than this; a picture of 50,000 × 50,000 is made to do harm.
const LONGEST: u32 = 20_000;

/// The preview of a picture and the size of the picture as it stands upright; none when its bytes are no picture or ask
/// for more memory than a picture needs. Takes up to a second of a core: not for the thread that serves.
#[must_use]
pub fn preview(bytes: &[u8]) -> Option<(Bytes, Pixels)> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    let pixels = Pixels { width: picture.width(), height: picture.height() };
    if pixels.width.max(pixels.height) > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    let mut out = Vec::new();
    if picture.color().has_alpha() {
        picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut out)).ok()?;
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    }
    Some((out.into(), pixels))
}

/// The media type of a preview, by its first bytes.
#[must_use]
pub fn media_type(preview: &[u8]) -> &'static str {
    if preview.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_large_picture_becomes_a_small_one_of_the_same_shape() {
        let large = DynamicImage::from(RgbImage::from_pixel(3_200, 1_600, Rgb([200, 30, 30])));
        let (preview, pixels) = preview(&written(&large, ImageFormat::Jpeg)).unwrap();
        assert_eq!(pixels, Pixels { width: 3_200, height: 1_600 });
        let small = image::load_from_memory(&preview).unwrap();
        assert_eq!((small.width(), small.height()), (1_600, 800));
        assert_eq!(media_type(&preview), "image/jpeg");
    }

    #[test]
    fn what_is_see_through_stays_so() {
        let sticker = DynamicImage::from(RgbaImage::from_pixel(64, 64, Rgba([0, 0, 0, 0])));
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let (preview, _) = preview(&written(&sticker, format)).unwrap();
            assert_eq!(media_type(&preview), "image/png");
        }
    }

    #[test]
    fn what_lies_behind_the_pixels_stays_behind() {
        let small = DynamicImage::from(RgbImage::from_pixel(8, 8, Rgb([1, 2, 3])));
        let mut bytes = written(&small, ImageFormat::Png);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let (preview, _) = preview(&bytes).unwrap();
        assert!(!preview.windows(7).any(|window| window == b"<script"));
    }

    #[test]
    fn a_picture_made_to_do_harm_is_none() {
        let small = DynamicImage::from(RgbImage::from_pixel(8, 8, Rgb([1, 2, 3])));
        let mut bytes = written(&small, ImageFormat::Png);
        // The header says 50,000 × 50,000.
        bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
        assert!(preview(&bytes).is_none());
        for junk in [&b""[..], b"\x89PNG\r\n\x1a\n", b"GIF89a", b"<svg/>", &bytes[..40]] {
            assert!(preview(junk).is_none());
        }
    }
}
