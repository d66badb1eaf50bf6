"""The SOAP form: SyncChannel v10 with WS-Security, by zeep, lxml and cryptography; and what a gateway or a sender calls
over AsyncChannel. How a message is signed is in wss.py."""

import base64
import json

import requests
import zeep
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

import wss
from signing import Refused, b64
from system import new_id, now

SYNC, MESSAGES = "http://bip.bee.kz/SyncChannel/v10/Types", "urn:qaqpa:messages:v1"
BINDING = "{http://bip.bee.kz/SyncChannel/v10/Interfaces}SyncChannelHttpBinding"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Where head and data of a message stand, by the operation that brings it.
OPERATIONS = {"SendMessage": ("requestInfo", "requestData"), "sendMessage": ("messageInfo", "messageData"),
              "SendMessageResponse": ("responseInfo", "responseData")}
BYTES = ("content", "signature", "signedContent", "kdpToken", "publicKey")
SEVERAL = ("attachments", "properties")


def local(name):
    """The name of an element without its namespace."""
    return etree.QName(name).localname


def only(element, *path):
    """The one descendant of this path; names without their namespaces, as senders qualify them or do not."""
    for name in path:
        found = [child for child in element if local(child) == name]
        if len(found) != 1:
            raise Refused("envelope-malformed", 422, f"{len(found)} times {name}")
        element = found[0]
    return element


def read(element):
    """Elements as what JSON would have; what may stand several times is a list."""
    if len(element) == 0:
        return element.text or ""
    fields = {}
    for child in element:
        if local(child) in SEVERAL:
            fields.setdefault(local(child), []).append(read(child))
        else:
            fields[local(child)] = read(child)
    return fields


def write(parent, fields):
    """The same the other way."""
    for name, value in fields.items():
        child = etree.SubElement(parent, name)
        if isinstance(value, dict):
            write(child, value)
        else:
            child.text = str(value)
    return parent


def decoded(value, name=""):
    """Base64 as the bytes that zeep writes as base64."""
    if isinstance(value, list):
        return [decoded(one) for one in value]
    if isinstance(value, dict):
        return {name: decoded(one, name) for name, one in value.items()}
    return base64.b64decode(value) if name in BYTES else value


def session(folder):
    """A connection that believes the sandbox's root, and shows the system's certificate to whoever asks."""
    one = requests.Session()
    one.trust_env = False
    one.verify = str(folder / "roots.pem")
    one.cert = (str(folder / "system.pem"), str(folder / "system.key"))
    return one


def message(wrapper, fields):
    """An envelope around the fields."""
    namespaces = {"soap": wss.SOAP, "m": MESSAGES, "xsi": XSI}
    envelope = etree.Element(f"{{{wss.SOAP}}}Envelope", nsmap=namespaces)
    body = etree.SubElement(envelope, f"{{{wss.SOAP}}}Body")
    write(etree.SubElement(body, wrapper, nsmap={"t": etree.QName(wrapper).namespace}), fields)
    return envelope


class Soap:
    """SyncChannel as we take it and send by it."""

    media_type = refused_as = "text/xml; charset=utf-8"
    refused_with = 500

    def __init__(self, us):
        self.us, self.signer = us, wss.Signer(us.folder)
        transport = zeep.Transport(session=session(us.folder), timeout=30, operation_timeout=30)
        # What we send is written by the WSDL; what answers is read here, once its signature holds.
        self.contract = zeep.Client(us.us["sandbox"] + "/contracts/sync-channel.wsdl", wsse=self.signer,
                                    transport=transport, settings=zeep.Settings(raw_response=True))

    def is_message(self, _path, media_type):
        return media_type in ("text/xml", "application/xml")

    def open(self, content):
        """The envelope, and the certificate of the key that signed it; of a fault, what it says."""
        try:
            tree = etree.fromstring(content, wss.PARSER)
            if (fault := tree.find(f"{{{wss.SOAP}}}Body/{{{wss.SOAP}}}Fault")) is not None:
                raise Refused.by(json.loads(fault.findtext(".//{*}errorData") or "null"))
            body, certificate = wss.opened(tree)
        except (wss.NotSigned, etree.XMLSyntaxError) as error:
            raise Refused("signature-invalid", 422, str(error)) from error
        if len(body) != 1 or local(body[0]) not in OPERATIONS:
            raise Refused("envelope-malformed", 422, f"no message but {[local(child) for child in body]}")
        info, around = OPERATIONS[local(body[0])]
        inside = only(body[0], "response" if info == "responseInfo" else "request")
        data = only(inside, around, "data")
        if len(data) == 0:  # a string with the same elements escaped in it
            data = etree.fromstring((data.text or "").strip(), wss.PARSER)
        envelope = read(only(inside, info)) | {"operation": body[0].tag, "data": read(data)}
        return envelope, certificate.public_bytes(Encoding.PEM)

    def answer(self, envelope, data):
        operation, message_id = envelope["operation"], envelope["messageId"]
        info = {"messageId": new_id(), "correlationId": message_id, "responseDate": now()}
        if local(operation) == "sendMessage":  # what becomes of it is a message of its own
            return self.sealed(message(f"{operation}Response", {"response": info}))
        info["status"] = {"code": "SCSS001", "message": "Message has been processed"}
        response = {"responseInfo": info, "responseData": {"data": data}}
        answer = message(f"{operation}Response", {"response": response})
        answer.find(".//data").set(f"{{{XSI}}}type", "m:Response")
        return self.sealed(answer)

    def sealed(self, envelope):
        return etree.tostring(wss.sign(envelope, self.signer.key, self.signer.certificate))

    def refusal(self, problem, asked):
        """Error information with the problem document in it; faults are not signed."""
        status = problem["status"]
        code = "SCSE003" if status >= 500 else "SCSE001" if status in (403, 404, 409) else "SCSE002"
        operation = (asked or {}).get("operation", f"{{{SYNC}}}SendMessage")
        info = {"errorCode": code, "errorMessage": problem["detail"], "errorData": json.dumps(problem),
                "errorDate": now()}
        fault = message(f"{{{wss.SOAP}}}Fault", {
            "faultcode": "soap:Server" if status >= 500 else "soap:Client", "faultstring": problem["detail"],
            "detail": {f"{operation}Fault1_{local(operation)}Fault": info}})
        return etree.tostring(fault)

    def post(self, to, envelope):
        """What answers a message, and the certificate of the key that signed the answer."""
        head = {name: value for name, value in envelope.items() if name != "data"}
        kind = self.contract.get_type(f"{{{MESSAGES}}}Message")
        data = zeep.xsd.AnyObject(kind, kind(**decoded(envelope["data"])))
        address = self.us.us["peers"][to]["address"] + "/bip-sync-wss-gost/"
        channel = self.contract.create_service(BINDING, address)
        try:
            answered = channel.SendMessage(request={"requestInfo": head, "requestData": {"data": data}})
        except requests.RequestException as error:
            raise Refused("system-unreachable", 503, repr(error)) from error
        if answered.status_code not in (200, 500):
            raise Refused("system-unreachable", 503, f"{address}: {answered.status_code} {answered.text[:200]}")
        answer, signer = self.open(answered.content)
        if answer["correlationId"] != envelope["messageId"] or answer["status"]["code"] != "SCSS001":
            raise Refused("answer-refused", 502, f"{answer['status']} to {answer['correlationId']}")
        return answer, signer
