#!/usr/bin/env python3
"""A certification centre of somebody else's: `openssl ca`, `openssl ocsp` and `openssl ts` behind addresses of HTTP.

    centre.py FOLDER --listen 127.0.0.1:PORT

Makes in FOLDER a root, an authority below it, an OCSP responder and a time-stamping authority, and writes
anchor.pem, which `qaqpa up --swap ca=URL,anchor=FOLDER/anchor.pem` trusts. Then

    GET  /list.crl, root.crl the lists                   POST /people      {"iin"}: a key with its certificate
    POST /ocsp               the responder               POST /revoked/SERIAL
    POST /tsp                time stamps                 PUT  /silent      {"ocsp", "crl", "tsp"}: whether it is
"""

import base64
import http.server
import json
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(sys.argv[1])
HOST, _, PORT = sys.argv[3].partition(":")
URL = f"http://{HOST}:{PORT}"
SETTINGS = f"""
[ca]
default_ca = centre
[centre]
database = {FOLDER}/index.txt
new_certs_dir = {FOLDER}
rand_serial = yes
certificate = {FOLDER}/issuing.pem
private_key = {FOLDER}/issuing.key
default_md = sha256
default_days = 365
default_crl_days = 1
crlnumber = {FOLDER}/crlnumber
policy = any
unique_subject = no
[root_centre]
database = {FOLDER}/root-index.txt
certificate = {FOLDER}/root.pem
private_key = {FOLDER}/root.key
default_md = sha256
default_crl_days = 1
crlnumber = {FOLDER}/root-crlnumber
[any]
countryName = optional
commonName = supplied
serialNumber = optional
[req]
distinguished_name = none
[none]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:{URL}/root.crl
[person]
keyUsage = critical,digitalSignature,nonRepudiation
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:{URL}/ocsp
crlDistributionPoints = URI:{URL}/list.crl
[ocsp]
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
authorityKeyIdentifier = keyid
noCheck = ignored
[tsa]
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = critical,timeStamping
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:{URL}/ocsp
crlDistributionPoints = URI:{URL}/list.crl
[stamps]
serial = {FOLDER}/stamps
signer_cert = {FOLDER}/tsa.pem
certs = {FOLDER}/issuing.pem
signer_key = {FOLDER}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""
silent = {}


def openssl(*arguments, given=None):
    ran = subprocess.run(["openssl", *map(str, arguments)], input=given, capture_output=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(ran.stderr.decode())
    return ran.stdout


def key(name):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", FOLDER / f"{name}.key")


def certified(name, subject, extensions):
    """A certificate by the authority, in its index."""
    key(name)
    openssl("req", "-new", "-utf8", "-config", FOLDER / "settings", "-key", FOLDER / f"{name}.key", "-subj", subject,
            "-out", FOLDER / f"{name}.csr")
    openssl("ca", "-batch", "-notext", "-utf8", "-preserveDN", "-config", FOLDER / "settings",
            "-extensions", extensions, "-in", FOLDER / f"{name}.csr", "-out", FOLDER / f"{name}.pem")
    return (FOLDER / f"{name}.pem").read_text()


def founded():
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "settings").write_text(SETTINGS)
    for of in ("", "root-"):
        (FOLDER / f"{of}index.txt").write_text("")
        (FOLDER / f"{of}crlnumber").write_text("01\n")
    (FOLDER / "stamps").write_text("01\n")
    key("root")
    openssl("req", "-x509", "-new", "-config", FOLDER / "settings", "-extensions", "root", "-days", "3650", "-key",
            FOLDER / "root.key", "-subj", "/C=KZ/CN=SOMEBODY ELSE'S ROOT TEST", "-out", FOLDER / "root.pem")
    key("issuing")
    openssl("req", "-new", "-config", FOLDER / "settings", "-key", FOLDER / "issuing.key", "-subj",
            "/C=KZ/CN=SOMEBODY ELSE'S CENTRE TEST", "-out", FOLDER / "issuing.csr")
    openssl("x509", "-req", "-in", FOLDER / "issuing.csr", "-CA", FOLDER / "root.pem", "-CAkey", FOLDER / "root.key",
            "-days", "1825", "-extfile", FOLDER / "settings", "-extensions", "issuing", "-out", FOLDER / "issuing.pem")
    anchor = (FOLDER / "root.pem").read_text() + (FOLDER / "issuing.pem").read_text()
    (FOLDER / "anchor.pem").write_text(anchor)
    certified("ocsp", "/C=KZ/CN=SOMEBODY ELSE'S RESPONDER TEST", "ocsp")
    certified("tsa", "/C=KZ/CN=SOMEBODY ELSE'S TIME STAMPS TEST", "tsa")


def person(iin):
    certificate = certified(iin, f"/C=KZ/CN=ҮЛГІБАЕВ СЫНАҚ TEST/serialNumber=IIN{iin}", "person")
    serial = openssl("x509", "-in", FOLDER / f"{iin}.pem", "-noout", "-serial").decode().strip().split("=")[1]
    pkcs8 = openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", FOLDER / f"{iin}.key")
    return {"certificate": certificate, "pkcs8": base64.b64encode(pkcs8).decode(), "serial": serial}


def revoked(serial):
    openssl("ca", "-config", FOLDER / "settings", "-revoke", FOLDER / f"{serial}.pem", "-crl_reason", "keyCompromise")
    return {"serial": serial}


def the_list(centre):
    openssl("ca", "-gencrl", "-config", FOLDER / "settings", "-name", centre, "-out", FOLDER / "list.pem")
    return openssl("crl", "-in", FOLDER / "list.pem", "-outform", "DER")


def answered(request):
    (FOLDER / "request").write_bytes(request)
    openssl("ocsp", "-index", FOLDER / "index.txt", "-CA", FOLDER / "issuing.pem", "-rsigner", FOLDER / "ocsp.pem",
            "-rkey", FOLDER / "ocsp.key", "-ndays", "1", "-reqin", FOLDER / "request", "-respout", FOLDER / "answer")
    return (FOLDER / "answer").read_bytes()


def stamped(question):
    (FOLDER / "question").write_bytes(question)
    openssl("ts", "-reply", "-config", FOLDER / "settings", "-section", "stamps", "-queryfile", FOLDER / "question",
            "-out", FOLDER / "stamp")
    return (FOLDER / "stamp").read_bytes()


class Desk(http.server.BaseHTTPRequestHandler):
    def handled(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        _, what, *rest = self.path.split("/")
        if silent.get({"list.crl": "crl"}.get(what, what)):
            return self.answer(503, b"silent")
        match self.command, what:
            case "GET", "list.crl":
                return self.answer(200, the_list("centre"))
            case "GET", "root.crl":
                return self.answer(200, the_list("root_centre"))
            case "POST", "ocsp":
                return self.answer(200, answered(body))
            case "POST", "tsp":
                return self.answer(200, stamped(body))
            case "POST", "people":
                return self.answer(200, json.dumps(person(json.loads(body)["iin"])).encode())
            case "POST", "revoked":
                return self.answer(200, json.dumps(revoked(rest[0])).encode())
            case "PUT", "silent":
                silent.update(json.loads(body))
                return self.answer(200, body)
        return self.answer(404, b"nothing is here")

    do_GET = do_POST = do_PUT = handled

    def answer(self, status, content):
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    founded()
    # One after the other: the index is a file.
    server = http.server.HTTPServer((HOST, int(PORT)), Desk)
    print(json.dumps({"ready": True, "url": URL}), flush=True)
    server.serve_forever()
