// WS-Security as the national channels have it, with xml-crypto (which `soap` brings along): nothing of Qaqpa.
//
// What is signed is the Body, exclusively canonicalized; the whole certificate goes along in a KeyIdentifier.
const crypto = require("node:crypto");
const { DOMParser } = require("@xmldom/xmldom");
const { SignedXml } = require("xml-crypto");

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const DS = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
const WSSE = `${OASIS}wssecurity-secext-1.0.xsd`;
const WSU = `${OASIS}wssecurity-utility-1.0.xsd`;
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

/** P-256, which xml-crypto leaves to whoever needs it. */
class Ecdsa {
  getSignature(signed, key) {
    return crypto.sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64");
  }

  verifySignature(signed, key, value) {
    const signature = Buffer.from(value, "base64");
    return crypto.verify("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }, signature);
  }

  getAlgorithmName() {
    return ECDSA;
  }
}

/** Takes P-256 and RSA, canonicalized exclusively, and nothing else. */
function xml(options) {
  const one = new SignedXml({ idMode: "wssecurity", canonicalizationAlgorithm: EXCLUSIVE, ...options });
  one.SignatureAlgorithms = { [RSA]: one.SignatureAlgorithms[RSA], [ECDSA]: Ecdsa };
  one.CanonicalizationAlgorithms = { [EXCLUSIVE]: one.CanonicalizationAlgorithms[EXCLUSIVE] };
  one.HashAlgorithms = { [SHA256]: one.HashAlgorithms[SHA256] };
  return one;
}

/** A message with its Body signed. */
function signed(message, key, certificate) {
  const bare = certificate.raw.toString("base64");
  const identifier =
    `<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType="${OASIS}soap-message-security-1.0#Base64Binary" ` +
    `ValueType="${OASIS}x509-token-profile-1.0#X509v3">${bare}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`;
  const signature = xml({
    privateKey: key,
    signatureAlgorithm: key.asymmetricKeyType === "ec" ? ECDSA : RSA,
    getKeyInfoContent: () => identifier,
  });
  signature.addReference({ xpath: "/*/*[local-name()='Body']", transforms: [EXCLUSIVE], digestAlgorithm: SHA256 });
  const security = `<wsse:Security xmlns:wsse="${WSSE}" soap:mustUnderstand="1"/>`;
  const named = `<soap:Body xmlns:wsu="${WSU}" wsu:Id="id-${crypto.randomUUID()}"`;
  signature.computeSignature(
    message.replace("<soap:Body", () => `<soap:Header>${security}</soap:Header>${named}`),
    { prefix: "ds", location: { reference: "//*[local-name()='Security']" }, existingPrefixes: { wsse: WSSE } },
  );
  return signature.getSignedXml();
}

/** The certificate of the key that signed the Body of a message; throws where the signature covers anything else. */
function signer(message) {
  const envelope = new DOMParser({ errorHandler: refuse }).parseFromString(message, "text/xml").documentElement;
  if (envelope.ownerDocument.doctype || envelope.namespaceURI !== SOAP || envelope.localName !== "Envelope") {
    throw new Error("no SOAP 1.1 message");
  }
  const body = only(envelope, SOAP, "Body");
  const signature = only(only(only(envelope, SOAP, "Header"), WSSE, "Security"), DS, "Signature");
  const reference = only(only(signature, DS, "SignedInfo"), DS, "Reference");
  const name = body.getAttributeNS(WSU, "Id") || body.getAttribute("Id");
  if (!name || reference.getAttribute("URI") !== `#${name}`) throw new Error("signed is something else than the Body");
  const identifier = only(only(signature, DS, "KeyInfo"), WSSE, "SecurityTokenReference");
  const carried = only(identifier, WSSE, "KeyIdentifier").textContent;
  const certificate = new crypto.X509Certificate(Buffer.from(carried, "base64"));
  const check = xml({ publicCert: certificate.toString(), getCertFromKeyInfo: () => null });
  check.loadSignature(signature);
  if (!check.checkSignature(message)) throw new Error("the Body was changed");
  return certificate;
}

function only(parent, namespace, name) {
  const found = Array.from(parent.childNodes).filter((one) => one.namespaceURI === namespace && one.localName === name);
  if (found.length !== 1) throw new Error(`${found.length} times ${name}`);
  return found[0];
}

function refuse(_level, said) {
  throw new Error(said);
}

module.exports = { signed, signer };
