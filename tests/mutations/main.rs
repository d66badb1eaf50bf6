//! Every reader of outside data against samples that were changed everywhere, and against what was never good.

#![expect(clippy::expect_used, reason = "a test without its targets has failed")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use tests::outside::{TARGETS, Target, hostile, mutations};

fn all_of(name: &str) {
    let (_, targets) = TARGETS.iter().find(|(of, _)| *of == name).expect("a list of that name");
    for target in *targets {
        let samples = (target.samples)();
        let said = target.said(&samples);
        for sample in &samples {
            mutations(sample, target.effort).for_each(|bytes| holds(target, &said, &bytes));
        }
        for bytes in hostile() {
            holds(target, &said, &bytes);
        }
    }
}

fn holds(target: &Target, said: &[String], bytes: &[u8]) {
    let read = catch_unwind(AssertUnwindSafe(|| (target.read)(bytes)));
    let shown = || {
        let first = &bytes[..bytes.len().min(4_000)];
        format!("{} ({} bytes): {}", target.name, bytes.len(), first.escape_ascii())
    };
    assert!(read.is_ok(), "a panic at {}", shown());
    let read = read.unwrap_or_default();
    assert!(read.is_none_or(|read| said.contains(&read)), "nobody signed this: {}", shown());
}

#[test]
fn readers_of_certs_hold() {
    all_of("certs");
}

#[test]
fn readers_of_signer_hold() {
    all_of("signer");
}

#[test]
fn readers_of_registries_hold() {
    all_of("registries");
}

#[test]
fn readers_of_gateway_hold() {
    all_of("gateway");
}

#[test]
fn samples_are_good_and_names_are_one_target_each() {
    let mut names: Vec<&str> =
        TARGETS.iter().flat_map(|(_, targets)| *targets).map(|target| target.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|two| two[0] != two[1]), "{names:?}");
    // With a signature that is not understood in the samples, nothing would be compared.
    for (name, least) in [
        ("certificate", 2),
        ("certificate-gost", 1),
        ("certificate-rsa", 1),
        ("crl", 2),
        ("ocsp-response", 1),
        ("pkcs12", 2),
        ("cms-attached", 1),
        ("cms-detached", 2),
        ("time-stamp", 1),
        ("document", 2),
        ("envelope", 1),
        ("xml-signature", 1),
        ("ws-security", 1),
        ("sync-request", 2),
        ("sync-answer", 1),
        ("async-call", 6),
        ("async-answer", 3),
    ] {
        let target = tests::outside::target(name).unwrap();
        assert!(target.said(&(target.samples)()).len() >= least, "{name}");
    }
}
