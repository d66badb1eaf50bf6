//! What foreign programs say of what we emit, and what we say of what they emit.
//!
//! Each judge shares no code with us: OpenSSL's command line, with its GOST engine, xmlsec1, Java's keytool and XML
//! signatures, and the Python package gostcrypto. A judge that is not installed is skipped loudly, and fails the run where `CI=true`.

#![expect(clippy::expect_used, reason = "a judgement that cannot be held is a failed test")]

mod chain;
mod cms;
mod fixtures;
mod gost;
mod ocsp;
mod pkcs12;
mod tls;
mod tool;
mod tsp;
mod xml;
mod xml_java;
