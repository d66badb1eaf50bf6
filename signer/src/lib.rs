//! Documents and envelopes, certificate validation and the signing service of Qaqpa.
