#!/usr/bin/env python3
"""The provider of provider.py, spoken to over SOAP: SyncChannel with WS-Security, by zeep, lxml and cryptography.

    soap_provider.py FOLDER [--listen 127.0.0.1:0]

FOLDER is what `qaqpa systems add provider --wire soap --out FOLDER` wrote. What it decides, and how it signs documents,
is in provider.py; here is only how it talks. What it sends it sends by the WSDL of whom it sends to.
"""

import functools
import http.server
import json
import sys
import threading
import uuid

import zeep
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

import provider as office
import wss

CHANNEL, MESSAGES = "http://bip.bee.kz/SyncChannel/v10/Types", "urn:qaqpa:messages:v1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SIGNER = wss.Signer(office.FOLDER)


def local(element):
    return etree.QName(element).localname


def read(element):
    """Elements as what JSON would have; what may stand several times is a list."""
    children = list(element)
    if not children:
        return element.text or ""
    fields = {}
    for child in children:
        if local(child) in ("attachments", "properties"):
            fields.setdefault(local(child), []).append(read(child))
        else:
            fields[local(child)] = read(child)
    return fields


def only(element, *path):
    """The one descendant of this path; names without their namespaces, as senders qualify them or do not."""
    for name in path:
        found = [child for child in element if local(child) == name]
        if len(found) != 1:
            raise office.Refused("envelope-malformed", 422, f"{len(found)} times {name}")
        element = found[0]
    return element


def open_message(content):
    """The head and the data of a request, once its signature is that of the system it names."""
    try:
        body, certificate = wss.opened(etree.fromstring(content, wss.PARSER))
    except (wss.NotSigned, etree.XMLSyntaxError, ValueError) as error:
        raise office.Refused("signature-invalid", 422, str(error)) from error
    pem = certificate.public_bytes(Encoding.PEM)
    office.openssl("verify", "-CAfile", "{trust}", "-crl_check", "-crl_download", "{leaf}", leaf=pem, trust=office.TRUST)
    request = only(body, "SendMessage", "request")
    head = read(only(request, "requestInfo"))
    peer = office.US["peers"].get(head["sender"]["senderId"])
    if peer is None:
        raise office.Refused("sender-unknown", 403, head["sender"]["senderId"])
    if office.public_key(pem) != office.public_key(peer["certificate"].encode()):
        raise office.Refused("certificate-not-bound", 403, head["sender"]["senderId"])
    data = only(request, "requestData", "data")
    if len(data) == 0:  # a string with the same elements escaped in it
        data = etree.fromstring(data.text.strip(), wss.PARSER)
    return head, read(data)


def message(inside):
    return etree.fromstring(f'<soap:Envelope xmlns:soap="{wss.SOAP}"><soap:Body>{inside}</soap:Body></soap:Envelope>')


taken, lock = {}, threading.Lock()


def take(content):
    """Acknowledges an assignment and leaves it to the staff."""
    head, data = open_message(content)
    if data["message"] != "assignment":
        raise office.Refused("route-unknown", 403, data["message"])
    application = office.read_document(data["document"])
    if application["case"] != data["case"]:
        raise office.Refused("envelope-malformed", 422, "the document belongs to another case")
    message_id, now = head["messageId"], office.now()
    answer = wss.sign(message(f"""<t:SendMessageResponse xmlns:t="{CHANNEL}"><response><responseInfo>\
<messageId>{uuid.uuid4()}</messageId><correlationId>{message_id}</correlationId><responseDate>{now}</responseDate>\
<status><code>SCSS001</code><message>Message has been processed</message></status></responseInfo><responseData>\
<data xmlns:xsi="{XSI}" xmlns:m="{MESSAGES}" xsi:type="m:Response"><acknowledgement><messageId>{message_id}</messageId>\
<acceptedAt>{now}</acceptedAt><acceptedBy>{office.US["system"]}</acceptedBy></acknowledgement></data></responseData>\
</response></t:SendMessageResponse>"""), SIGNER.key, SIGNER.certificate)
    with lock:
        if message_id not in taken:
            taken[message_id] = etree.tostring(answer)
            office.work.put((data, application))
        return taken[message_id]


def fault(problem):
    """Error information with the problem document in it; faults are not signed."""
    code = "SCSE003" if problem["status"] >= 500 else "SCSE001" if problem["status"] == 403 else "SCSE002"
    told = message(f"""<soap:Fault><faultcode>soap:Client</faultcode><faultstring/><detail>\
<t:SendMessageFault1_SendMessageFault xmlns:t="{CHANNEL}"><errorCode>{code}</errorCode><errorMessage/><errorData/>\
<errorDate>{office.now()}</errorDate></t:SendMessageFault1_SendMessageFault></detail></soap:Fault>""")
    for name, text in (("faultstring", problem["detail"]), ("errorMessage", problem["detail"]),
                       ("errorData", json.dumps(problem))):
        told.find(f".//{name}").text = text
    return etree.tostring(told)


@functools.cache
def channel():
    """The regional workstation's channel, as its WSDL describes it."""
    return zeep.Client(office.US["peers"]["regional-workstation"]["address"] + "/sync?wsdl", wsse=SIGNER)


def send(data, carries, issue):
    """The outcome, signed by the authorised person, on its way back."""
    content = json.dumps(issue, ensure_ascii=False).encode()
    kind = channel().get_type(f"{{{MESSAGES}}}Message")
    document = {"mediaType": "application/json", "content": content, "signature": office.sign(content, "staff")}
    subject = {name: data[name] for name in ("case", "regulation", "channel")}
    outcome = kind(message="outcome", carries=carries, document=document, **subject)
    message_id = str(uuid.uuid4())
    head = {
        "messageId": message_id, "serviceId": "/".join((data["regulation"], data["channel"], "outcome")),
        "messageDate": office.now(), "sender": {"senderId": office.US["senderId"], "password": office.US["password"]},
    }
    answer = channel().service.SendMessage(
        request={"requestInfo": head, "requestData": {"data": zeep.xsd.AnyObject(kind, outcome)}})
    info = answer.responseInfo
    if (info.status.code, info.correlationId) != ("SCSS001", message_id):
        raise RuntimeError(f"{info.status.code} {info.status.message}")


class Desk(office.Desk):
    def do_POST(self):
        content = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get_content_type() not in ("text/xml", "application/xml"):
            # No desk for strangers: whoever asks for one is told so.
            return self.answer(404, {"here": "SyncChannel v10"})
        try:
            status, answer = 200, take(content)
        except office.Refused as refused:
            status, answer = 500, fault(refused.problem)
        self.send_response(status)
        self.send_header("content-type", "text/xml; charset=utf-8")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


if __name__ == "__main__":
    host, _, port = (sys.argv[3] if sys.argv[2:3] == ["--listen"] else "127.0.0.1:0").partition(":")
    office.send = send
    server = http.server.ThreadingHTTPServer((host, int(port)), Desk)
    threading.Thread(target=office.staff, daemon=True).start()
    print(json.dumps({"ready": True, "url": f"http://{host}:{server.server_address[1]}"}), flush=True)
    server.serve_forever()
