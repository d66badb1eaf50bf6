"""GOST 34.10-2015 of 512 bits in the national encoding, by the PyPI package gostcrypto.

    gost.py available
    gost.py public  PRIVATE PUBLIC             writes the public key
    gost.py sign    PRIVATE MESSAGE SIGNATURE  writes a signature
    gost.py verify  PUBLIC  MESSAGE SIGNATURE  says "good" or "bad"

The package has big-endian numbers throughout, we have little-endian ones: every half is turned round here.
"""

import sys
from pathlib import Path

from gostcrypto import gosthash, gostsignature

CURVE = gostsignature.CURVES_R_1323565_1_024_2019["id-tc26-gost-3410-12-512-paramSetA"]
SIGNER = gostsignature.new(gostsignature.MODE_512, CURVE)


def turned(data):
    """Each half of 64 bytes, from little-endian to big-endian or back."""
    return bytearray(b"".join(data[at : at + 64][::-1] for at in range(0, len(data), 64)))


def read(name):
    return bytearray(Path(name).read_bytes())


def digest(name):
    return turned(gosthash.new("streebog512", data=read(name)).digest())


match sys.argv[1:]:
    case ["available"]:
        pass
    case ["public", private, public]:
        Path(public).write_bytes(turned(SIGNER.public_key_generate(turned(read(private)))))
    case ["sign", private, message, signature]:
        Path(signature).write_bytes(turned(SIGNER.sign(turned(read(private)), digest(message))))
    case ["verify", public, message, signature]:
        good = SIGNER.verify(turned(read(public)), digest(message), turned(read(signature)))
        print("good" if good else "bad")
    case other:
        sys.exit(f"what is {other}?")
