"""What every system of somebody else's does: the Python standard library and the `openssl` program, nothing of Qaqpa.

The folder is what `qaqpa systems add SYSTEM --out FOLDER` wrote: system.json (who we are, whom we talk to),
system.key and system.pem (the organisation's key), staff.key and staff.pem (of somebody who signs for it), roots.pem
and authorities.pem. All that is known here of the messages stands in docs/messages.md.
"""

import base64
import datetime
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid

SPECIMEN = "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST"


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


def sign(content, key, certificate):
    """A detached CMS over exactly these bytes."""
    made = openssl("cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-signer", str(certificate),
                   "-inkey", str(key), "-in", "{content}", "-out", "{out}", content=content)
    return made["out"]


def public_key(certificate):
    return openssl("x509", "-in", "{certificate}", "-pubkey", "-noout", "-out", "{out}", certificate=certificate)["out"]


def b64(content):
    return base64.b64encode(content).decode()


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def new_id():
    return str(uuid.uuid4())


def subject(data):
    """What a message belongs to."""
    return {name: data[name] for name in ("case", "regulation", "channel")}


class System:
    """Ourselves: our keys, whom we know, and what we took already."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.us = json.loads((self.folder / "system.json").read_text())
        self.trust = (self.folder / "roots.pem").read_bytes() + (self.folder / "authorities.pem").read_bytes()
        self.taken, self.lock = {}, threading.Lock()

    def verify(self, content, signature):
        """Who signed these bytes, as PEM; the path must end in the sandbox's root, and the centre's current list
        must not have the certificate."""
        signer = openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", "{signature}", "-content", "{content}",
                         "-CAfile", "{trust}", "-purpose", "any", "-signer", "{signer}", "-out", "{out}",
                         content=content, signature=signature, trust=self.trust)["signer"]
        openssl("verify", "-CAfile", "{trust}", "-crl_check", "-crl_download", "{signer}", signer=signer,
                trust=self.trust)
        return signer

    def signed(self, content, who="system"):
        """A document of ours: signed in the name of the organisation, or by its `staff`."""
        content = json.dumps(content, ensure_ascii=False).encode()
        signature = sign(content, self.folder / f"{who}.key", self.folder / f"{who}.pem")
        return {"mediaType": "application/json", "content": b64(content), "signature": b64(signature)}

    def read(self, document):
        """What a person or system signed."""
        content = base64.b64decode(document["content"])
        self.verify(content, base64.b64decode(document["signature"]))
        return json.loads(content)

    def seal(self, envelope):
        content = json.dumps(envelope, ensure_ascii=False).encode()
        signature = sign(content, self.folder / "system.key", self.folder / "system.pem")
        return {"envelope": b64(content), "signature": b64(signature)}

    def open(self, sealed):
        """The envelope, once its signature is that of the system it names."""
        content = base64.b64decode(sealed["envelope"])
        signer = self.verify(content, base64.b64decode(sealed["signature"]))
        envelope = json.loads(content)
        name = envelope["sender"]["senderId"]
        sender = self.us["peers"].get(name)
        if sender is None:
            raise Refused("sender-unknown", 403, name)
        if public_key(signer) != public_key(sender["certificate"].encode()):
            raise Refused("certificate-not-bound", 403, name)
        return envelope

    def take(self, sealed, then):
        """Answers a message: `then(envelope, content)` gives a register's answer, or nothing, and is asked once."""
        envelope = self.open(sealed)
        message_id, data = envelope["messageId"], envelope["data"]
        content = self.read(data["document"])
        if content["case"] != data["case"]:
            raise Refused("envelope-malformed", 422, "the document belongs to another case")
        with self.lock:
            if message_id not in self.taken:
                answer = then(envelope, content)
                said = {"messageId": message_id, "acceptedAt": now(), "acceptedBy": self.us["system"]}
                self.taken[message_id] = self.seal({
                    "messageId": new_id(), "correlationId": message_id, "serviceId": envelope["serviceId"],
                    "messageDate": now(), "sender": {"senderId": self.us["senderId"]},
                    "data": {"answer": answer} if answer else {"acknowledgement": said},
                })
            return self.taken[message_id]

    def ask(self, to, data, correlation=None):
        """Sends a message in an envelope of ours, the same bytes until there is a clear yes or no, and gives out
        what answers it."""
        envelope = {
            "messageId": new_id(), "serviceId": "/".join((data["regulation"], data["channel"], data["message"])),
            "messageDate": now(), "sender": {"senderId": self.us["senderId"], "password": self.us["password"]},
            "data": data,
        }
        if correlation:
            envelope["correlationId"] = correlation
        body = json.dumps(self.seal(envelope)).encode()
        url = self.us["peers"][to]["address"] + "/messages"
        for pause in (1, 2, 4, 8, 16, 0):
            request = urllib.request.Request(url, body, {"content-type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return self.open(json.load(answer))["data"]
            except urllib.error.HTTPError as error:
                problem = json.load(error)
                if error.code < 500 or not pause:
                    raise Refused(problem["code"], error.code, problem.get("detail", "")) from error
            except urllib.error.URLError as error:
                if not pause:
                    raise Refused("system-unreachable", 503, str(error)) from error
            time.sleep(pause)

    def send(self, to, data, correlation=None):
        """The same, while nobody waits for us; what is refused is said."""
        def sending():
            try:
                self.ask(to, data, correlation)
            except Refused as refused:
                print(f"{data['message']} of {data['case']} to {to}: {refused}", file=sys.stderr)
        threading.Thread(target=sending, daemon=True).start()

    def serve(self, then, routes=None):
        """Answers at `POST /messages`, and at what else `routes` has: `{"PUT /places/": work}`, where `work(rest,
        body)` gives what is answered."""
        us = self

        class Desk(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handled(self):
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                try:
                    body = json.loads(body) if body else None
                    if (self.command, self.path) == ("POST", "/messages"):
                        return self.answer(200, us.take(body, then))
                    for route, work in (routes or {}).items():
                        method, _, path = route.partition(" ")
                        if self.command == method and self.path.startswith(path):
                            return self.answer(200, work(self.path[len(path):], body))
                    # No desk for strangers: whoever asks for one is told so.
                    return self.answer(404, {"here": ["POST /messages", *(routes or {})]})
                except (KeyError, TypeError, ValueError) as error:
                    refused = Refused("envelope-malformed", 422, repr(error))
                    return self.answer(422, refused.problem, "application/problem+json")
                except Refused as refused:
                    return self.answer(refused.problem["status"], refused.problem, "application/problem+json")

            do_GET = do_POST = do_PUT = handled

            def answer(self, status, body, media_type="application/json"):
                content = json.dumps(body, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("content-type", media_type)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        host, _, port = (sys.argv[3] if sys.argv[2:3] == ["--listen"] else "127.0.0.1:0").partition(":")
        server = http.server.ThreadingHTTPServer((host, int(port)), Desk)
        print(json.dumps({"ready": True, "url": f"http://{host}:{server.server_address[1]}"}), flush=True)
        server.serve_forever()
