//! Namespaces.

/// XML-DSig (W3C XML Signature 1.0, 1.3).
pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// WS-Security 1.0, security extension.
pub const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// WS-Security 1.0, utility.
pub const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
/// SOAP 1.1 envelope.
pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// SOAP 1.2 envelope.
pub const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";
/// Exclusive canonicalization, and the namespace of its `InclusiveNamespaces`.
pub(super) const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The prefix `xml` (Namespaces in XML 1.0, 3).
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The prefix `xmlns` (ibid.).
pub(super) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
