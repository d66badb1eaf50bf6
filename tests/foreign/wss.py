"""WS-Security as the national channels have it, with lxml and cryptography: nothing of Qaqpa.

`Signer` is what zeep takes as `wsse`. What is signed is the Body, exclusively canonicalized; the whole certificate
goes along in a KeyIdentifier. `opened` verifies a message and gives out the Body that the signature covers.
"""

import base64
import uuid

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE, WSU = OASIS + "wssecurity-secext-1.0.xsd", OASIS + "wssecurity-utility-1.0.xsd"
X509V3 = OASIS + "x509-token-profile-1.0#X509v3"
BASE64 = OASIS + "soap-message-security-1.0#Base64Binary"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class NotSigned(Exception):
    """The signature does not hold, or covers something else."""


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def digest(content):
    hasher = hashes.Hash(hashes.SHA256())
    hasher.update(content)
    return base64.b64encode(hasher.finalize()).decode()


def sign(envelope, key, certificate):
    """Signs the Body of an envelope (an lxml element) in its place."""
    body = envelope.find(f"{{{SOAP}}}Body")
    name = f"id-{uuid.uuid4()}"
    body.set(f"{{{WSU}}}Id", name)
    header = envelope.find(f"{{{SOAP}}}Header")
    if header is None:
        header = etree.Element(f"{{{SOAP}}}Header")
        envelope.insert(0, header)
    # A fresh text, so that the prefixes are those that others look for.
    security = etree.fromstring(f"""<wsse:Security xmlns:wsse="{WSSE}" xmlns:soap="{SOAP}" soap:mustUnderstand="1">\
<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>\
<ds:SignatureMethod Algorithm="{ECDSA if isinstance(key, ec.EllipticCurvePrivateKey) else RSA}"/>\
<ds:Reference URI="#{name}"><ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>\
<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{digest(canonical(body))}</ds:DigestValue></ds:Reference>\
</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><wsse:SecurityTokenReference>\
<wsse:KeyIdentifier EncodingType="{BASE64}" ValueType="{X509V3}"/></wsse:SecurityTokenReference></ds:KeyInfo>\
</ds:Signature></wsse:Security>""")
    header.append(security)
    signed = canonical(security.find(f".//{{{DS}}}SignedInfo"))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
        value = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    else:
        value = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    security.find(f".//{{{DS}}}SignatureValue").text = base64.b64encode(value).decode()
    der = certificate.public_bytes(serialization.Encoding.DER)
    security.find(f".//{{{WSSE}}}KeyIdentifier").text = base64.b64encode(der).decode()
    return envelope


def only(found, what):
    if len(found) != 1:
        raise NotSigned(f"{len(found)} times {what}")
    return found[0]


def opened(envelope):
    """The Body that the signature covers, and the certificate of the key that made it."""
    if envelope.tag != f"{{{SOAP}}}Envelope":
        raise NotSigned(f"no SOAP 1.1 message but {envelope.tag}")
    body = only(envelope.findall(f"{{{SOAP}}}Body"), "a Body")
    headers = envelope.findall(f"{{{SOAP}}}Header")
    path = f"{{{WSSE}}}Security/{{{DS}}}Signature"
    signature = only([found for header in headers for found in header.findall(path)], "a signature in the Header")
    reference = only(signature.findall(f".//{{{DS}}}Reference"), "a Reference")
    name = reference.get("URI", "").removeprefix("#")
    # The element that is signed must be the one that is read, and no other may bear its id.
    only([one for one in envelope.iter() if name in (one.get(f"{{{WSU}}}Id"), one.get("Id"))], f"the id {name}")
    if name not in (body.get(f"{{{WSU}}}Id"), body.get("Id")):
        raise NotSigned("the signature covers something else than the Body")
    for method in signature.iter(f"{{{DS}}}CanonicalizationMethod", f"{{{DS}}}Transform"):
        if method.get("Algorithm") != EXCLUSIVE:
            raise NotSigned(f"canonicalized by {method.get('Algorithm')}")
    if digest(canonical(body)) != "".join(reference.findtext(f"{{{DS}}}DigestValue", "").split()):
        raise NotSigned("the Body was changed")
    text = only(list(signature.iter(f"{{{WSSE}}}KeyIdentifier", f"{{{DS}}}X509Certificate")), "a certificate").text
    certificate = x509.load_der_x509_certificate(base64.b64decode(text))
    value = base64.b64decode(signature.findtext(f"{{{DS}}}SignatureValue", ""))
    signed, key = canonical(signature.find(f"{{{DS}}}SignedInfo")), certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            halves = (int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big"))
            key.verify(utils.encode_dss_signature(*halves), signed, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise NotSigned("the signature is not over this message") from error
    return body, certificate


class Signer:
    """Signs what zeep sends, and verifies what comes back; faults come unsigned."""

    def __init__(self, folder):
        self.key = serialization.load_pem_private_key((folder / "system.key").read_bytes(), None)
        self.certificate = x509.load_pem_x509_certificate((folder / "system.pem").read_bytes())

    def apply(self, envelope, headers):
        # What zeep sends is read again: its own prefixes would be written anew after the signature.
        envelope = etree.fromstring(etree.tostring(envelope), PARSER)
        return sign(envelope, self.key, self.certificate), headers

    def verify(self, envelope):
        if envelope.find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault") is None:
            opened(envelope)
        return envelope
