"""Keys, signatures and refusals, with the Python standard library and the `openssl` program."""

import base64
import functools
import pathlib
import subprocess
import tempfile


class Refused(Exception):
    """What we answer with a problem document, or were answered with: a code of docs/messages.md, and why."""

    is_a_no = False

    def __init__(self, code, status, detail):
        super().__init__(f"{code}: {detail}")
        self.problem = {"type": "about:blank", "code": code, "status": status, "title": detail, "detail": detail}

    @classmethod
    def by(cls, problem):
        """What somebody answered us with: unless they failed, it decides."""
        refused = cls(problem["code"], problem["status"], problem.get("detail", ""))
        refused.problem |= problem
        refused.is_a_no = problem["status"] < 500
        return refused


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
            # A list that is of no use decides nothing: the sender tries again.
            raise Refused("revocation-unknown", 503, said) if "CRL" in said else Refused("signature-invalid", 422, said)
        return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def sign(content, key, certificate):
    """A detached CMS over exactly these bytes."""
    made = openssl("cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-signer", str(certificate),
                   "-inkey", str(key), "-in", "{content}", "-out", "{out}", content=content)
    return made["out"]


def signer_of(content, signature):
    """Whose key signed these bytes, as PEM; whether to believe the certificate is another question."""
    return openssl("cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "{signature}", "-content",
                   "{content}", "-signer", "{signer}", "-out", "{out}", content=content, signature=signature)["signer"]


@functools.cache
def public_key(certificate):
    return openssl("x509", "-in", "{certificate}", "-pubkey", "-noout", "-out", "{out}", certificate=certificate)["out"]


def b64(content):
    return base64.b64encode(content).decode()
