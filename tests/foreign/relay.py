#!/usr/bin/env python3
"""A gateway of somebody else's, or a regional gateway or regional workstation: it makes sure of what comes, puts it
into an envelope of its own, and passes it on.

    relay.py FOLDER [--listen 127.0.0.1:0] [--wire json|soap]

FOLDER is what `qaqpa systems add gateway --out FOLDER` wrote; system.py says how messages are signed and sent.
"""

from system import SPECIMEN, System, now, subject

us = System(__doc__)
# Whither a message goes on, by what it is.
ROUTES = {
    "gateway": {
        "application": "regional-workstation", "registration": "asker", "outcome": "asker",
        "quality-complaint": "quality-control", "quality-answer": "asker",
        "person-query": "people", "attorney-query": "notary", "documents-query": "registers",
    },
    "regional-gateway": {"application": "queue-registry"},
    "regional-workstation": {"application": "provider", "outcome": "gateway"},
}[us.us["system"]]
# Who filed the application of a case: what comes of it goes back there.
askers, registered = {}, []


def pass_on(envelope, _content):
    data, sender = envelope["data"], envelope["sender"]["senderId"]
    message, case = data["message"], data["case"]
    if message in ("application", "quality-complaint"):
        askers[case] = sender
    to = ROUTES[message]
    if to == "asker":
        to = askers[case]
    if message.endswith("-query"):
        # Whoever asks waits meanwhile.
        return us.ask(to, data, envelope["messageId"])["answer"]
    if us.us["system"] == "regional-workstation" and message == "application":
        register(data)
        data = data | {"message": "assignment"}
    us.send(to, data, envelope["messageId"])
    return None


def register(data):
    """What a counter files gets an incoming number."""
    if data["channel"] != "state-corporation":
        return
    registered.append(data["case"])
    registration = subject(data) | {
        "specimen": SPECIMEN, "number": f"TEST-{len(registered):06}", "registered_at": now(),
        "organisation": {"name": us.us["organisation"], "bin": us.us["bin"]},
    }
    us.send("gateway", subject(data) | {"message": "registration", "document": us.signed(registration)})


if __name__ == "__main__":
    us.serve(pass_on)
