"""What every system of somebody else's does: the Python standard library and the `openssl` program, nothing of Qaqpa.

    SCRIPT FOLDER [--listen HOST:PORT] [--wire json|soap] [--tls-cert FILE --tls-key FILE [--mtls]]

FOLDER is what `qaqpa systems add SYSTEM --out FOLDER` wrote: system.json (who we are, whom we talk to), system.key and
system.pem (the organisation's key), staff.key and staff.pem (of somebody who signs for it), roots.pem and
authorities.pem. All that is known here of the messages stands in docs/messages.md. How they are written is the wire's
to say: JSON is here, SOAP in soap.py, which needs zeep, lxml and cryptography.
"""

import argparse
import base64
import datetime
import functools
import http.client
import http.server
import json
import pathlib
import re
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

from signing import Refused, b64, openssl, public_key, sign, signer_of

SPECIMEN = "ҮЛГІ / ОБРАЗЕЦ / SPECIMEN – TEST"


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def new_id():
    return str(uuid.uuid4())


def subject(data):
    """What a message belongs to."""
    return {name: data[name] for name in ("case", "regulation", "channel")}


class Json:
    """The JSON form: an envelope as bytes with a CMS beside it."""

    media_type, refused_as, refused_with = "application/json", "application/problem+json", None

    def __init__(self, us):
        self.us = us

    def is_message(self, path, _media_type):
        return path.endswith("/messages")

    def open(self, content):
        """The envelope, and the certificate of the key that signed it."""
        sealed = json.loads(content)
        content = base64.b64decode(sealed["envelope"])
        signer = signer_of(content, base64.b64decode(sealed["signature"]))
        return json.loads(content), signer

    def answer(self, envelope, data):
        return self.seal({
            "messageId": new_id(), "correlationId": envelope["messageId"], "serviceId": envelope["serviceId"],
            "messageDate": now(), "sender": {"senderId": self.us.us["senderId"]}, "data": data,
        })

    def refusal(self, problem, _asked):
        return json.dumps(problem, ensure_ascii=False).encode()

    def seal(self, envelope):
        content = json.dumps(envelope, ensure_ascii=False).encode()
        signature = sign(content, self.us.folder / "system.key", self.us.folder / "system.pem")
        return json.dumps({"envelope": b64(content), "signature": b64(signature)}).encode()

    def post(self, to, envelope):
        """What answers a message, and the certificate of the key that signed the answer."""
        url = self.us.us["peers"][to]["address"] + "/messages"
        try:
            return self.open(self.us.fetch(url, self.seal(envelope)))
        except urllib.error.HTTPError as error:
            raise Refused.by(json.load(error)) from error


class System:
    """Ourselves: our keys, whom we know, and what we took already. `about` is what the command says of itself."""

    def __init__(self, about):
        parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("folder", type=pathlib.Path)
        parser.add_argument("--listen", default="127.0.0.1:0")
        parser.add_argument("--wire", choices=("json", "soap"), default="json")
        parser.add_argument("--tls-cert", help="listen with TLS")
        parser.add_argument("--tls-key")
        parser.add_argument("--mtls", action="store_true", help="take messages from whoever shows a certificate")
        self.options = parser.parse_args()
        self.folder = self.options.folder
        self.us = json.loads((self.folder / "system.json").read_text())
        self.trust = (self.folder / "roots.pem").read_bytes() + (self.folder / "authorities.pem").read_bytes()
        self.taken, self.lock = {}, threading.Lock()
        if self.options.wire == "soap":
            from soap import Soap
            self.wire = Soap(self)
        else:
            self.wire = Json(self)

    @functools.cached_property
    def tls(self):
        """We believe the sandbox's root, and show our certificate to whoever asks."""
        context = ssl.create_default_context(cafile=self.folder / "roots.pem")
        context.load_cert_chain(self.folder / "system.pem", self.folder / "system.key")
        return context

    def fetch(self, url, body=None):
        """What is there, or what answers the body; an address that does not answer decides nothing."""
        request = urllib.request.Request(url, body, {"content-type": "application/json"})
        try:
            context = self.tls if url.startswith("https:") else None
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException) as error:
            raise Refused("system-unreachable", 503, f"{url}: {error!r}") from error

    @functools.cache
    def list_of(self, certificate):
        """Where the list is that a certificate may stand on. It must be of the sandbox first: the list of a certificate
        that anybody made may be anywhere."""
        openssl("verify", "-CAfile", "{trust}", "{leaf}", leaf=certificate, trust=self.trust)
        shown = openssl("x509", "-in", "{leaf}", "-noout", "-ext", "crlDistributionPoints", "-out", "{out}",
                        leaf=certificate)["out"]
        found = re.search(rb"URI:(\S+)", shown)
        if found is None:
            raise Refused("revocation-unknown", 503, "the certificate names no list")
        return found.group(1).decode()

    def sure_of(self, certificate):
        """That a path leads from a certificate to the sandbox's root, and that the centre's current list does not
        have it."""
        place = self.list_of(certificate)
        try:
            current = self.fetch(place)
        except (Refused, urllib.error.HTTPError) as error:
            raise Refused("revocation-unknown", 503, f"no list: {error}") from error
        openssl("verify", "-CAfile", "{trust}", "-crl_check", "-CRLfile", "{list}", "{leaf}", leaf=certificate,
                trust=self.trust, list=current)

    def sure_of_system(self, name, certificate):
        """That this is the certificate of a system we know, and good."""
        peer = self.us["peers"].get(name)
        if peer is None:
            raise Refused("sender-unknown", 403, name)
        if public_key(certificate) != public_key(peer["certificate"].encode()):
            raise Refused("certificate-not-bound", 403, name)
        self.sure_of(certificate)

    def signed(self, content, who="system"):
        """A document of ours: signed in the name of the organisation, or by its `staff`."""
        content = json.dumps(content, ensure_ascii=False).encode()
        signature = sign(content, self.folder / f"{who}.key", self.folder / f"{who}.pem")
        return {"mediaType": "application/json", "content": b64(content), "signature": b64(signature)}

    def read(self, document):
        """What a person or system signed."""
        content = base64.b64decode(document["content"])
        self.sure_of(signer_of(content, base64.b64decode(document["signature"])))
        return json.loads(content)

    def take(self, envelope, signer, then):
        """What answers a message: `then(envelope, content)` gives a register's answer, or nothing, and is asked
        once."""
        self.sure_of_system(envelope["sender"]["senderId"], signer)
        message_id, data = envelope["messageId"], envelope["data"]
        content = self.read(data["document"])
        if content["case"] != data["case"]:
            raise Refused("envelope-malformed", 422, "the document belongs to another case")
        with self.lock:
            if message_id not in self.taken:
                answer = then(envelope, content)
                said = {"messageId": message_id, "acceptedAt": now(), "acceptedBy": self.us["system"]}
                said = {"answer": answer} if answer else {"acknowledgement": said}
                self.taken[message_id] = self.wire.answer(envelope, said)
            return self.taken[message_id]

    def ask(self, to, data, correlation=None, pauses=(1, 2, 4, 8, 16)):
        """Sends a message, the same one until there is a clear yes or no, and gives out what answers it."""
        envelope = {"messageId": new_id()} | ({"correlationId": correlation} if correlation else {}) | {
            "serviceId": "/".join((data["regulation"], data["channel"], data["message"])), "messageDate": now(),
            "sender": {"senderId": self.us["senderId"], "password": self.us["password"]}, "data": data,
        }
        for pause in (*pauses, None):
            try:
                answer, signer = self.posted(to, envelope)
                self.sure_of_system(to, signer)
                return answer["data"]
            except Refused as refused:
                if refused.is_a_no or pause is None:
                    raise
            time.sleep(pause)

    def posted(self, to, envelope):
        try:
            return understood(lambda: self.wire.post(to, envelope))
        except Refused as refused:
            # It came before, and the answer was lost.
            if "sealed" not in refused.problem:
                raise
            return Json(self).open(refused.problem["sealed"])

    def send(self, to, data, correlation=None):
        """The same, while nobody waits for us; what is refused is said."""
        def sending():
            try:
                self.ask(to, data, correlation, pauses=(1, 2, 4, 8, *[16] * 1000))
            except Refused as refused:
                print(f"{data['message']} of {data['case']} to {to}: {refused}", file=sys.stderr)
        threading.Thread(target=sending, daemon=True).start()

    def serve(self, then, routes=None):
        """Takes messages, and answers at what else `routes` has: `{"PUT /places/": work}`, where `work(rest, body)`
        gives what is answered."""
        us, wire = self, self.wire

        class Desk(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handled(self):
                content = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.command == "POST" and wire.is_message(self.path, self.headers.get_content_type()):
                    return self.message(content)
                for route, work in (routes or {}).items():
                    method, _, path = route.partition(" ")
                    _, found, rest = self.path.partition(path)
                    if self.command == method and found:
                        return self.at_the_desk(lambda: work(rest, json.loads(content or b"null")))
                # No desk for strangers: whoever asks for one is told so.
                here = json.dumps({"here": ["messages", *(routes or {})]}).encode()
                return self.answer(404, "application/json", here)

            do_GET = do_POST = do_PUT = handled

            def message(self, content):
                envelope = None
                try:
                    if us.options.mtls and not self.connection.getpeercert():
                        raise Refused("client-certificate-missing", 403, "show the certificate of a system")
                    envelope, signer = understood(lambda: wire.open(content))
                    self.answer(200, wire.media_type, understood(lambda: us.take(envelope, signer, then)))
                except Refused as refused:
                    status = wire.refused_with or refused.problem["status"]
                    self.answer(status, wire.refused_as, wire.refusal(refused.problem, envelope))

            def at_the_desk(self, work):
                try:
                    done = json.dumps(understood(work), ensure_ascii=False).encode()
                    self.answer(200, "application/json", done)
                except Refused as refused:
                    problem = json.dumps(refused.problem, ensure_ascii=False).encode()
                    self.answer(refused.problem["status"], "application/problem+json", problem)

            def answer(self, status, media_type, content):
                self.send_response(status)
                self.send_header("content-type", media_type)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        host, _, port = self.options.listen.partition(":")
        server = http.server.ThreadingHTTPServer((host, int(port)), Desk)
        if self.options.tls_cert:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cadata=self.trust.decode())
            context.load_cert_chain(self.options.tls_cert, self.options.tls_key)
            context.verify_mode = ssl.CERT_OPTIONAL if self.options.mtls else ssl.CERT_NONE
            # Hands are shaken by each connection's own thread.
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https" if self.options.tls_cert else "http"
        print(json.dumps({"ready": True, "url": f"{scheme}://{host}:{server.server_address[1]}"}), flush=True)
        server.serve_forever()


def understood(work):
    """What is not of the shape we know is refused."""
    try:
        return work()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused("envelope-malformed", 422, repr(error)) from error
