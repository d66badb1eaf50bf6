use super::*;

/// Making them is a test of its own: our verdict on each is compared with what it must be.
#[tokio::test]
async fn every_flaw_has_a_bundle_that_is_answered_as_it_must_be() {
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    let mut made = 0;
    let files = bundles(Algorithm::P256, now, || made += 1).await.unwrap();
    assert_eq!(made, Flaw::all().len() + 1);
    let named = |name: &str| files.iter().find(|file| file.name == name);
    let text = |name: &str| String::from_utf8(named(name).unwrap().content.clone()).unwrap();
    let readme = text("README.md");
    for flaw in Flaw::all() {
        for file in ["certificate.pem", "key.p12", "key.modern.p12", "document.txt.cms", "verdict.json"] {
            assert!(named(&format!("{flaw}/{file}")).is_some(), "{flaw}/{file}");
        }
        assert!(readme.contains(&format!("| `{flaw}` | {}", flaw.describe().en)), "{flaw}");
    }
    // What is around a certificate is as odd as its flaw says.
    assert_eq!(named("empty-crl/p256-empty-crl.crl").map(|file| file.content.len()), Some(0));
    assert!(named("missing-crl/missing.crl").is_none());
    assert!(named("revoked-after-signing/document.txt.stamped.cms").is_some());
    let chain = |folder: &str| certificates(&text(&format!("{folder}/chain.pem"))).unwrap();
    let (right, reversed) = (chain("flawless"), chain("chain-order"));
    assert!(right.iter().eq(reversed.iter().rev()) && right.len() == 2);
    assert_eq!(chain("missing-intermediate").len(), 1);
    assert_eq!(chain("unknown-issuer").len(), 1);
    assert_eq!(chain("path-too-long").len(), 3);
    let once: std::collections::BTreeSet<&String> = files.iter().map(|file| &file.name).collect();
    assert_eq!(once.len(), files.len(), "no file is written twice");
}

#[tokio::test]
async fn a_stamped_signature_is_good_though_the_certificate_is_not_any_more() {
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    let then: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    for flaw in [Flaw::RevokedAfterSigning, Flaw::ExpiredInQueue] {
        let clock = Clock::frozen_at(then);
        let store = WorldStore::new(SqliteStore::ephemeral().unwrap(), WorldId::default());
        let centre = CertificationCentre::open(store, clock.clone(), NOWHERE, Algorithm::P256).await.unwrap();
        let workshop = Workshop { centre: Arc::new(centre), clock, algorithm: Algorithm::P256 };
        let piece = workshop.piece(Some(flaw)).await.unwrap();
        let validator =
            |now| Validator::new(workshop.centre.clone(), RevocationPolicy::default(), Clock::frozen_at(now));
        let expected = signer::service::Expected::default();
        let judged = async |file: &str, now| {
            let name = format!("{flaw}/{file}");
            let cms = &piece.files.iter().find(|file| file.name == name).unwrap().content;
            let validator = validator(now);
            let found = signer::service::verify_signature(&validator, cms, Some(DOCUMENT), &expected);
            found.await.unwrap().accepted
        };
        assert!(judged("document.txt.cms", then).await, "{flaw}");
        workshop.clock.advance(BEFORE).unwrap();
        assert!(!judged("document.txt.cms", now).await, "{flaw}");
        assert!(judged("document.txt.stamped.cms", now).await, "{flaw}");
    }
}
