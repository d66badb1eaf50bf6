//! The test PKI of Qaqpa: identity numbers, clock, keys, the national certificate profile, CRL, OCSP, PKCS#12, named flaws.
