#!/usr/bin/env python3
"""A people database of somebody else's: the Python standard library and the `xmlsec1` program, nothing of Qaqpa.

    people.py FOLDER [--listen 127.0.0.1:0]

It speaks SyncChannel and answers GBDFL_UniversalServiceSync; of regulations it knows nothing. FOLDER holds system.key
and system.pem (our organisation's key), gateway.pem (whom we answer) and people.json, a list of {iin, surname, name,
patronymic, birthDate, gender, citizenship, documents: [{type, number, beginDate, endDate, issuer, status}], dead}.
"""

import datetime
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import uuid
from xml.etree import ElementTree
from xml.sax.saxutils import escape

FOLDER = pathlib.Path(sys.argv[1])
PEOPLE = {person["iin"]: person for person in json.loads((FOLDER / "people.json").read_text())}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE, WSU = OASIS + "wssecurity-secext-1.0.xsd", OASIS + "wssecurity-utility-1.0.xsd"
MESSAGE = "http://message.persistence.interactive.nat"
ID = ["--id-attr:Id", f"{SOAP}:Body"]


class Refused(Exception):
    """What we answer with a fault."""


def xmlsec1(*arguments, message):
    with tempfile.TemporaryDirectory() as folder:
        asked, said = pathlib.Path(folder) / "in.xml", pathlib.Path(folder) / "out.xml"
        asked.write_bytes(message)
        command = ["xmlsec1", *arguments, "--output", str(said), str(asked)]
        ran = subprocess.run(command, capture_output=True, check=False)
        if ran.returncode != 0:
            raise Refused(ran.stderr.decode().strip())
        return said.read_bytes() if said.exists() else b""


def opened(message):
    """The Body, once the gateway's signature over it holds."""
    xmlsec1("--verify", "--pubkey-cert-pem", str(FOLDER / "gateway.pem"), *ID, message=message)
    envelope = ElementTree.fromstring(message)
    bodies = envelope.findall(f"{{{SOAP}}}Body")
    signed = {one.get("URI") for one in envelope.findall(f"{{{SOAP}}}Header//{{{DS}}}Reference")}
    if len(bodies) != 1 or signed != {"#" + bodies[0].get(f"{{{WSU}}}Id", "")}:
        raise Refused("the signature is not over the Body")
    return bodies[0]


def local(element, name):
    """The text of the element of this name: clients qualify or do not."""
    found = [one for one in element.iter() if one.tag.rpartition("}")[2] == name]
    if not found or not (found[0].text or "").strip():
        raise Refused(f"{name} is missing")
    return found[0].text.strip()


def entry(name, code):
    return f"<{name}><code>{escape(code)}</code><nameRu/><nameKz/></{name}>"


def written(person):
    documents = "".join(
        f"<document>{entry('type', one['type'])}<number>{escape(one['number'])}</number><series/>"
        f"<beginDate>{one['beginDate']}+05:00</beginDate><endDate>{one.get('endDate') or ''}</endDate>"
        f"{entry('issueOrganization', one['issuer'])}{entry('status', one['status'])}</document>"
        for one in person["documents"])
    return (
        f"<person><iin>{person['iin']}</iin><surname>{escape(person['surname'])}</surname>"
        f"<name>{escape(person['name'])}</name><patronymic>{escape(person.get('patronymic') or '')}</patronymic>"
        f"<birthDate>{person['birthDate']}+05:00</birthDate>{entry('gender', person['gender'])}"
        f"{entry('citizenship', person['citizenship'])}{entry('lifeStatus', '1' if person['dead'] else '0')}"
        f"<documents>{documents}</documents><removed>false</removed></person>")


def answer(body):
    now = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
    info = next(one for one in body.iter() if one.tag.rpartition("}")[2] == "requestInfo")
    data = next(one for one in body.iter() if one.tag.rpartition("}")[2] == "data")
    if local(info, "serviceId") != "GBDFL_UniversalServiceSync":
        raise Refused(f"no service {local(info, 'serviceId')}")
    person = PEOPLE.get(local(data, "iin"))
    return (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Header><wsse:Security xmlns:wsse="{WSSE}" S:mustUnderstand="1">'
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>'
        f'<ds:Reference URI="#body"><ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>'
        '</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature></wsse:Security>'
        f'</S:Header><S:Body xmlns:wsu="{WSU}" wsu:Id="body">'
        '<ns2:SendMessageResponse xmlns:ns2="http://bip.bee.kz/SyncChannel/v10/Types"><response><responseInfo>'
        f"<messageId>{uuid.uuid4()}</messageId><correlationId>{local(info, 'messageId')}</correlationId>"
        f"<responseDate>{now}</responseDate><status><code>SCSS001</code><message>OK</message></status></responseInfo>"
        f'<responseData><data xmlns:cs="{MESSAGE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:type="cs:Response"><messageId>{uuid.uuid4()}</messageId><messageDate>{now}</messageDate>'
        f"<requestId>{escape(local(data, 'messageId'))}</requestId>{entry('messageResult', '00000')}"
        f"<persons>{written(person) if person else ''}</persons></data></responseData></response>"
        "</ns2:SendMessageResponse></S:Body></S:Envelope>").encode()


def fault(why):
    return (f'<S:Envelope xmlns:S="{SOAP}"><S:Body><S:Fault><faultcode>S:Client</faultcode>'
            f"<faultstring>{escape(why)}</faultstring></S:Fault></S:Body></S:Envelope>").encode()


class Endpoint(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        message = self.rfile.read(int(self.headers["content-length"]))
        try:
            key = f"{FOLDER / 'system.key'},{FOLDER / 'system.pem'}"
            status, content = 200, xmlsec1("--sign", "--privkey-pem", key, *ID, message=answer(opened(message)))
        except Refused as refused:
            status, content = 500, fault(str(refused))
        self.send_response(status)
        self.send_header("content-type", "text/xml; charset=utf-8")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    host, _, port = (sys.argv[3] if sys.argv[2:3] == ["--listen"] else "127.0.0.1:0").partition(":")
    server = http.server.ThreadingHTTPServer((host, int(port)), Endpoint)
    print(json.dumps({"ready": True, "url": f"http://{host}:{server.server_address[1]}/"}), flush=True)
    server.serve_forever()
