//! PEM (RFC 7468): armour for DER.

const LINE: usize = 64;

/// Armours `der` with `label`.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}

/// The first block with one of `labels` in `text`, whatever stands around it; `None` if there is none or it is
/// damaged.
pub(crate) fn decode(text: &str, labels: &[&str]) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let (_, body) = labels.iter().find_map(|label| text.split_once(&format!("-----BEGIN {label}-----")))?;
    let (body, _) = body.split_once("-----END ")?;
    let compact: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    base64::engine::general_purpose::STANDARD.decode(compact).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn armour_comes_off_again(der: Vec<u8>) {
            let text = format!("a note\n{}", encode("CERTIFICATE", &der).replace('\n', "\r\n"));
            prop_assert_eq!(decode(&text, &["CERTIFICATE"]), Some(der));
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = decode(&text, &["CERTIFICATE"]);
            let _ = decode(&format!("-----BEGIN X-----{text}-----END "), &["X"]);
        }
    }
}
