#!/usr/bin/env python3
"""A provider of somebody else's: the Python standard library and the `openssl` program, nothing of Qaqpa.

    provider.py FOLDER [--listen 127.0.0.1:0]

FOLDER is what `qaqpa systems add provider --out FOLDER` wrote: system.json (who we are, whom we talk to),
system.key and system.pem (the organisation's key), staff.key and staff.pem (the authorised person's), roots.pem
and authorities.pem. All it knows of the messages stands in docs/messages.md.
"""

import base64
import datetime
import http.server
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.request
import uuid

FOLDER = pathlib.Path(sys.argv[1])
US = json.loads((FOLDER / "system.json").read_text())
TRUST = (FOLDER / "roots.pem").read_bytes() + (FOLDER / "authorities.pem").read_bytes()
SPECIMEN = "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST"
TITLE = {
    "kk": "Кезектілік нөмірі көрсетілген кезекке қою туралы хабарлама",
    "ru": "Уведомление о постановке на очередь с указанием номера очередности",
    "en": "Notice of queueing with the queue number",
}
# What the act has us say, by channel.
REFUSALS = {
    "portal": {
        "kk": "Құжаттарда орын алған бұзушылықтарға байланысты сұрау салынған қызметтен бас тартылды.",
        "ru": "В запрашиваемой услуге отказано в связи с имеющимися нарушениями в документах услугополучателя.",
        "en": "The service is refused because of violations in the recipient's documents.",
    },
    "state-corporation": {
        "kk": "Көрсетілетін қызметті алушы құжаттарының бұзылушылықтар болуына байланысты сұрау салынған "
        "мемлекеттік көрсетілетін қызметті көрсетуден бас тартылды.",
        "ru": "В запрашиваемой государственной услуге отказано в связи с имеющимися нарушениями в документах "
        "услугополучателя.",
        "en": "The service is refused because of violations in the recipient's documents.",
    },
}


class Refused(Exception):
    """What we answer with a problem document: a code of docs/messages.md, and why."""

    def __init__(self, code, status, detail):
        super().__init__(detail)
        self.problem = {"type": "about:blank", "code": code, "status": status, "title": detail, "detail": detail}


def openssl(*arguments, **files):
    """Runs openssl with the files given as bytes; their names stand in the arguments as {name}."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {"out": pathlib.Path(folder) / "out", "signer": pathlib.Path(folder) / "signer"}
        for name, content in files.items():
            paths[name] = pathlib.Path(folder) / name
            paths[name].write_bytes(content)
        command = ["openssl", *(argument.format(**paths) for argument in arguments)]
        ran = subprocess.run(command, capture_output=True, check=False)
        if ran.returncode != 0:
            said = " ".join(ran.stderr.decode().split())
            # A list that could not be had decides nothing: the sender tries again.
            if "unable to get certificate CRL" in said:
                raise Refused("revocation-unknown", 503, said)
            raise Refused("signature-invalid", 422, said)
        return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def sign(content, who):
    """A detached CMS over exactly these bytes."""
    key, certificate = str(FOLDER / f"{who}.key"), str(FOLDER / f"{who}.pem")
    made = openssl("cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-signer", certificate,
                   "-inkey", key, "-in", "{content}", "-out", "{out}", content=content)
    return made["out"]


def verify(content, signature):
    """Who signed these bytes, as PEM; the path must end in the sandbox's root, and the centre's current list must
    not have the certificate."""
    signer = openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", "{signature}", "-content", "{content}",
                     "-CAfile", "{trust}", "-purpose", "any", "-signer", "{signer}", "-out", "{out}",
                     content=content, signature=signature, trust=TRUST)["signer"]
    openssl("verify", "-CAfile", "{trust}", "-crl_check", "-crl_download", "{signer}", signer=signer, trust=TRUST)
    return signer


def public_key(certificate):
    return openssl("x509", "-in", "{certificate}", "-pubkey", "-noout", "-out", "{out}", certificate=certificate)["out"]


def b64(content):
    return base64.b64encode(content).decode()


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def seal(envelope):
    content = json.dumps(envelope, ensure_ascii=False).encode()
    return {"envelope": b64(content), "signature": b64(sign(content, "system"))}


def open_sealed(sealed):
    """The envelope, once its signature is that of the system it names."""
    content = base64.b64decode(sealed["envelope"])
    signer = verify(content, base64.b64decode(sealed["signature"]))
    envelope = json.loads(content)
    sender = US["peers"].get(envelope["sender"]["senderId"])
    if sender is None:
        raise Refused("sender-unknown", 403, envelope["sender"]["senderId"])
    if public_key(signer) != public_key(sender["certificate"].encode()):
        raise Refused("certificate-not-bound", 403, envelope["sender"]["senderId"])
    return envelope


def read_document(document):
    """What a person or system signed."""
    content = base64.b64decode(document["content"])
    verify(content, base64.b64decode(document["signature"]))
    return json.loads(content)


taken, work, places, numbers, lock = {}, queue.Queue(), {}, {}, threading.Lock()


def take(sealed):
    """Acknowledges an assignment and leaves it to the staff."""
    envelope = open_sealed(sealed)
    message_id, data = envelope["messageId"], envelope["data"]
    if data["message"] != "assignment":
        raise Refused("route-unknown", 403, data["message"])
    application = read_document(data["document"])
    if application["case"] != data["case"]:
        raise Refused("envelope-malformed", 422, "the document belongs to another case")
    acknowledgement = {"messageId": message_id, "acceptedAt": now(), "acceptedBy": US["system"]}
    answer = seal({
        "messageId": str(uuid.uuid4()), "correlationId": message_id, "serviceId": envelope["serviceId"],
        "messageDate": now(), "sender": {"senderId": US["senderId"]},
        "data": {"acknowledgement": acknowledgement},
    })
    with lock:
        if message_id not in taken:
            taken[message_id] = answer
            work.put((data, application))
        return taken[message_id]


def decide(data, application):
    """The staff: papers must name the child and the recipient of the application."""
    papers = [base64.b64decode(paper["content"]).decode(errors="replace") for paper in data.get("attachments", [])]
    fields = application["fields"]
    named = [fields["child-iin"], fields["applicant-iin"]]
    in_order = all(number in paper for number in named for paper in papers)
    issue = {
        "specimen": SPECIMEN, "case": data["case"], "regulation": data["regulation"], "channel": data["channel"],
        "made_at": now(), "provider": {"name": US["organisation"], "bin": US["bin"]},
    }
    if not in_order:
        return "refusal", issue | {
            "document": "refusal", "title": application["service"], "code": "documents-refused",
            "message": REFUSALS[data["channel"]], "grounds": "құжаттарда басқа адам / в документах другое лицо",
        }
    preschool = fields["organisation"]
    with lock:
        if places.get(preschool, 0) > 0:
            places[preschool] -= 1
            title = {"kk": "Мектепке дейінгі ұйымға жолдама", "ru": "Направление в дошкольную организацию",
                     "en": "Referral to a preschool organisation"}
            return "result", issue | {"document": "referral", "title": title, "organisation": preschool}
        numbers[preschool] = numbers.get(preschool, 0) + 1
        return "result", issue | {"document": "queue-notice", "title": TITLE, "organisation": preschool,
                                  "queue_number": numbers[preschool]}


def send(data, carries, issue):
    """The outcome, signed by the authorised person, on its way back."""
    content = json.dumps(issue, ensure_ascii=False).encode()
    document = {"mediaType": "application/json", "content": b64(content), "signature": b64(sign(content, "staff"))}
    subject = {name: data[name] for name in ("case", "regulation", "channel")}
    service = "/".join((data["regulation"], data["channel"], "outcome"))
    sealed = seal({
        "messageId": str(uuid.uuid4()), "serviceId": service, "messageDate": now(),
        "sender": {"senderId": US["senderId"], "password": US["password"]},
        "data": subject | {"message": "outcome", "carries": carries, "document": document},
    })
    url = US["peers"]["regional-workstation"]["address"] + "/messages"
    body = json.dumps(sealed).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        open_sealed(json.load(answer))


def staff():
    while True:
        data, application = work.get()
        try:
            send(data, *decide(data, application))
        except Exception as error:  # what fails is said, and tried again
            print(f"{data['case']}: {error}", file=sys.stderr)
            threading.Timer(1, work.put, [(data, application)]).start()


class Desk(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["content-length"])))

    def answer(self, status, body, media_type="application/json"):
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        if not self.path.endswith("/messages"):
            # No desk for strangers: whoever asks for one is told so.
            self.body()
            return self.answer(404, {"here": "POST /messages"})
        try:
            self.answer(200, take(self.body()))
        except Refused as refused:
            self.answer(refused.problem["status"], refused.problem, "application/problem+json")

    def do_PUT(self):
        """`PUT /places/{organisation}`: what a tester arranges."""
        body = self.body()
        with lock:
            places[self.path.rsplit("/", 1)[-1]] = body["free"]
        self.answer(200, body)

    def do_GET(self):
        self.answer(404, {"here": "POST /messages"})

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    host, _, port = (sys.argv[3] if sys.argv[2:3] == ["--listen"] else "127.0.0.1:0").partition(":")
    server = http.server.ThreadingHTTPServer((host, int(port)), Desk)
    threading.Thread(target=staff, daemon=True).start()
    print(json.dumps({"ready": True, "url": f"http://{host}:{server.server_address[1]}"}), flush=True)
    server.serve_forever()
