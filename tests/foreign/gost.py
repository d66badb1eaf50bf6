"""The national algorithms of GOST in the national encoding, by the PyPI package gostcrypto.

    gost.py available
    gost.py ALGORITHM public PRIVATE PUBLIC            writes the public key
    gost.py ALGORITHM digest MESSAGE DIGEST            writes a digest
    gost.py ALGORITHM sign   PRIVATE DIGEST SIGNATURE  writes a signature
    gost.py ALGORITHM verify PUBLIC  DIGEST SIGNATURE  says "good" or "bad"

ALGORITHM is gost512, gost256 or gost2004, the last without a digest, which the package has not. It has big-endian
numbers throughout, we have little-endian ones: every half is turned round here.
"""

import sys
from pathlib import Path

from gostcrypto import gosthash, gostsignature

CURVES = gostsignature.CURVES_R_1323565_1_024_2019
# The curve of the old standard has a new name as well.
KINDS = {
    "gost512": (64, gostsignature.MODE_512, "id-tc26-gost-3410-12-512-paramSetA", "streebog512"),
    "gost256": (32, gostsignature.MODE_256, "id-tc26-gost-3410-2012-256-paramSetA", "streebog256"),
    "gost2004": (32, gostsignature.MODE_256, "id-tc26-gost-3410-2012-256-paramSetB", None),
}


def read(name):
    return bytearray(Path(name).read_bytes())


class Kind:
    def __init__(self, name):
        self.length, mode, curve, self.hash = KINDS[name]
        self.signer = gostsignature.new(mode, CURVES[curve])

    def turned(self, data):
        """Each half, from little-endian to big-endian or back."""
        halves = range(0, len(data), self.length)
        return bytearray(b"".join(data[at : at + self.length][::-1] for at in halves))

    def do(self, arguments):
        match arguments:
            case ["public", private, public]:
                key = self.signer.public_key_generate(self.turned(read(private)))
                Path(public).write_bytes(self.turned(key))
            case ["digest", message, digest]:
                Path(digest).write_bytes(gosthash.new(self.hash, data=read(message)).digest())
            case ["sign", private, digest, signature]:
                made = self.signer.sign(self.turned(read(private)), self.turned(read(digest)))
                Path(signature).write_bytes(self.turned(made))
            case ["verify", public, digest, signature]:
                key, digest, signature = (self.turned(read(name)) for name in (public, digest, signature))
                print("good" if self.signer.verify(key, digest, signature) else "bad")
            case other:
                sys.exit(f"what is {other}?")


match sys.argv[1:]:
    case ["available"]:
        pass
    case [name, *arguments] if name in KINDS:
        Kind(name).do(arguments)
    case other:
        sys.exit(f"what is {other}?")
