//! The addresses written into certificates and lists, all below the base URL.

use crate::{Algorithm, Flaw};

pub(super) struct Urls<'a> {
    pub(super) base: &'a str,
    pub(super) algorithm: Algorithm,
    /// Which key of the issuing centre, counted from 1.
    pub(super) generation: usize,
}

impl Urls<'_> {
    /// `p256` for the first key of the issuing centre, `p256-2` for the second.
    pub(super) fn name(&self) -> String {
        match self.generation {
            1 => self.algorithm.to_string(),
            generation => format!("{}-{generation}", self.algorithm),
        }
    }

    pub(super) fn crl(&self) -> String {
        self.list(&self.name())
    }

    pub(super) fn delta_crl(&self) -> String {
        self.list(&format!("{}-delta", self.name()))
    }

    /// Of the certificates in one part of the numbers.
    pub(super) fn crl_part(&self, part: u8) -> String {
        self.list(&format!("{}-part-{part}", self.name()))
    }

    /// The list of the hierarchy's issuer of lists about others.
    pub(super) fn indirect_crl(&self) -> String {
        self.list(&format!("{}-indirect", self.algorithm))
    }

    /// The list that a flaw wants, or that of the odd centre that it wants.
    pub(super) fn flawed_crl(&self, flaw: Flaw) -> String {
        self.list(&format!("{}-{flaw}", self.algorithm))
    }

    pub(super) fn missing_crl(&self) -> String {
        self.list("missing")
    }

    pub(super) fn root_crl(&self) -> String {
        self.list(&format!("{}-root", self.algorithm))
    }

    pub(super) fn ocsp(&self) -> String {
        format!("{}/ca/ocsp", self.base)
    }

    pub(super) fn certificate(&self) -> String {
        format!("{}/ca/certificates/{}.cer", self.base, self.name())
    }

    /// Of the odd centre that a flaw needs.
    pub(super) fn certificate_of(&self, flaw: Flaw) -> String {
        format!("{}/ca/certificates/{}-{flaw}.cer", self.base, self.algorithm)
    }

    pub(super) fn root_certificate(&self) -> String {
        format!("{}/ca/certificates/{}-root.cer", self.base, self.algorithm)
    }

    pub(super) fn statement(&self) -> String {
        format!("{}/ca/cps", self.base)
    }

    fn list(&self, name: &str) -> String {
        format!("{}/ca/crl/{name}.crl", self.base)
    }
}
