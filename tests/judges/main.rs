//! What foreign programs say of what we emit, and what we say of what they emit.
//!
//! Each judge shares no code with us: OpenSSL's command line, with its GOST engine, xmlsec1, xmllint, rhash, Java's
//! keytool, certification paths, client and XML signatures, NSS's certutil, the Python packages gostcrypto, jsonschema,
//! pkilint and zeep, and Node's soap and newman. A judge that is not installed is skipped loudly, and fails the run
//! where `CI=true`.

#![expect(clippy::expect_used, reason = "a judgement that cannot be held is a failed test")]

mod bundles;
mod chain;
mod cms;
mod contracts;
mod fixtures;
mod gost;
mod lint;
mod ocsp;
mod path_java;
mod pkcs12;
mod samples;
mod schemas;
mod services;
mod tls;
mod tool;
mod toolkits;
mod trust;
mod tsp;
mod xml;
mod xml_java;
