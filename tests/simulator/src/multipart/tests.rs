//! Well-formed bodies give their parts, others nothing.

use super::*;

#[test]
fn parts_with_files_and_fields() {
    let body = Bytes::from(
        "--xx\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
         --xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\r\n--x\r\nbytes\r\n--xx--\r\n",
    );
    let parts = parts(&body, "xx").unwrap();
    assert_eq!((parts[0].name.as_str(), &parts[0].bytes[..]), ("messaging_product", b"whatsapp".as_slice()));
    assert_eq!(parts[1].file.as_deref(), Some("a.png"));
    assert_eq!(parts[1].mime.as_deref(), Some("image/png"));
    assert_eq!(&parts[1].bytes[..], b"\r\n--x\r\nbytes");
}

#[test]
fn what_is_not_multipart() {
    for body in
        ["", "--xx", "--xx\r\n", "--xx\r\nContent-Disposition: form-data\r\n\r\nv\r\n--xx--", "--yy\r\n"]
    {
        assert!(parts(&Bytes::from(body), "xx").is_none(), "{body:?}");
    }
    let mut headers = HeaderMap::new();
    assert_eq!(boundary(&headers), None);
    headers.insert(header::CONTENT_TYPE, "multipart/form-data; boundary=\"a-b\"".parse().unwrap());
    assert_eq!(boundary(&headers).as_deref(), Some("a-b"));
}
