#!/usr/bin/env python3
"""A register of somebody else's: the people database, the notary registry, or one of the others.

    register.py FOLDER [--listen 127.0.0.1:0] [--wire json|soap]

FOLDER is what `qaqpa systems add people --out FOLDER` wrote, and in it records.json, what the register has:
`{"found": [{"about": …, "found": …}], "personas": {name: …}}` in the shapes of docs/messages.md.
"""

import json

from signing import Refused
from system import SPECIMEN, System, now, subject

us = System(__doc__)
RECORDS = json.loads((us.folder / "records.json").read_text())


def answer(_envelope, query):
    """To this question, about whom it asks; without `found` we have nothing, which is an answer."""
    if query.get("consent", {}).get("state") not in ("given", "not-required"):
        raise Refused("consent-missing", 422, query["query"])
    known = next((record for record in RECORDS["found"] if record["about"] == query["about"]), None)
    said = subject(query) | {
        "specimen": SPECIMEN, "query": query["query"], "made_at": now(), "about": query["about"],
        "register": {"name": us.us["organisation"], "bin": us.us["bin"]},
    }
    return us.signed(said | ({"found": known["found"]} if known else {}))


def persona(name, _body):
    """Who plays whom, for whoever makes a path come true."""
    if name not in RECORDS.get("personas", {}):
        raise Refused("not-found", 404, name)
    return RECORDS["personas"][name]


if __name__ == "__main__":
    us.serve(answer, {"GET /personas/": persona})
