#!/usr/bin/env python3
"""A desk of somebody else's: portal, workstation, queue, Registry of queueing, school, quality body, contact centre.

    desk.py FOLDER [--listen 127.0.0.1:0] [--wire json|soap]

FOLDER is what `qaqpa systems add SYSTEM --out FOLDER` wrote; system.py says how messages are signed and sent. What
comes is kept, and answered where the table says so. Who works at the desk uses

    POST /begin            {"regulation", "channel", "to", "message", "service", "fields", "copies"}
                           begins a case: what is to be signed comes back, or was sent where nobody has to sign
    POST /sign/CASE        {"signature"}: the recipient's; it is sent now
    POST /ask              {"regulation", "channel", "case", "message", "about"}: a register's answer comes back
    GET  /came/CASE        what came for it; waits until something did
"""

import base64
import hashlib
import re
import threading

from signing import Refused, openssl
from system import SPECIMEN, System, new_id, now, subject

us = System(__doc__)
NAME = us.us["system"]
ORGANISATION = {"name": us.us["organisation"], "bin": us.us["bin"]}
came, waiting, change = {}, {}, threading.Condition()


def queued(application):
    """A place in the queue, in the provider's name."""
    provider = us.us["peers"]["provider"]
    numbers = sum(1 for messages in came.values() for message, _ in messages if message == "application")
    title = {"kk": "Кезекке қою туралы хабарлама", "ru": "Уведомление о постановке на очередь",
             "en": "Notice of queueing"}
    return "outcome", "result", {
        "document": "queue-notice", "title": title, "queue_number": numbers,
        "organisation": application["fields"]["organisation"],
        "provider": {"name": provider["organisation"], "bin": provider["bin"]},
    }


def answered(_complaint):
    """The answer to a complaint about the quality of a service."""
    title = {"kk": "Шағымға жауап", "ru": "Ответ на жалобу", "en": "Answer to the complaint"}
    return "quality-answer", None, {"document": "complaint-answer", "title": title, "provider": ORGANISATION,
                                    "grounds": "тексерілді / проверено"}


# What is said to what comes, and to whom.
SAYS = {
    "queue": {"application": ("portal", queued)},
    "queue-registry": {"application": ("gateway", queued)},
    "quality-control": {"quality-complaint": ("gateway", answered)},
}


def take(envelope, content):
    data = envelope["data"]
    with change:
        came.setdefault(data["case"], []).append((data["message"], content))
        change.notify_all()
    to, says = SAYS.get(NAME, {}).get(data["message"], (None, None))
    if says:
        message, carries, said = says(content)
        issue = subject(data) | {"specimen": SPECIMEN, "made_at": now()} | said
        answer = subject(data) | {"message": message, "document": us.signed(issue, "staff")}
        us.send(to, answer | ({"carries": carries} if carries else {}), envelope["messageId"])


def begin(_rest, asked):
    """A case begins here: at the portal with the recipient's signature, at a counter with the employee's, at the
    contact centre with ours."""
    about = {"case": asked.get("case", new_id()), "regulation": asked["regulation"], "channel": asked["channel"]}
    begun = about | {"message": asked["message"], "to": asked["to"], "attachments": asked.get("copies", [])}
    content = {"specimen": SPECIMEN} | about
    if asked["message"] == "home-visit":
        return sent(begun, us.signed(content | {"called_at": now()}))
    content |= {
        "service": asked["service"], "made_at": now(), "fields": asked["fields"],
        "declared": asked["fields"]["applicant-iin"], "copies": [digest(copy) for copy in begun["attachments"]],
    }
    if NAME == "workstation":
        content |= {"declared": employee(), "counter": {
            "organisation": ORGANISATION, "consent": consent(),
            "papers": [copy["name"] for copy in begun["attachments"]],
        }}
        return sent(begun, us.signed(content, "staff"))
    document = us.signed(content)
    waiting[about["case"]] = begun, document
    return about | {"content": document["content"]}


def signature(case, said):
    """The recipient has signed: with their key, which we never see."""
    begun, document = waiting.pop(case)
    return sent(begun, document | {"signature": said["signature"]})


def sent(begun, document):
    data = subject(begun) | {"message": begun["message"], "document": document, "attachments": begun["attachments"]}
    us.ask(begun["to"], data)
    return subject(begun)


def question(_rest, asked):
    """A question to a register, through the gateway; its answer is the register's own document."""
    content = subject(asked) | {"specimen": SPECIMEN, "query": new_id(), "asked_at": now(), "employee": employee(),
                                "consent": consent(), "about": asked["about"]}
    answer = us.ask("gateway", subject(asked) | {"message": asked["message"], "document": us.signed(content)})
    return us.read(answer["answer"])


def consent():
    return {"state": "given", "taken_at": now()}


def employee():
    """Whoever sits at the counter, by the certificate."""
    shown = openssl("x509", "-in", str(us.folder / "staff.pem"), "-noout", "-subject", "-out", "{out}",
                    "-nameopt", "RFC2253")["out"]
    return re.search(rb"IIN(\d{12})", shown).group(1).decode()


def digest(copy):
    sha256 = hashlib.sha256(base64.b64decode(copy["content"])).hexdigest()
    return {"name": copy["name"], "media_type": copy["mediaType"], "sha256": sha256}


def look(case, _body):
    case, _, after = case.partition("?after=")
    with change:
        if not change.wait_for(lambda: len(came.get(case, [])) > int(after or 0), timeout=30):
            raise Refused("not-found", 404, f"nothing came for {case}")
        return [{"message": message, "content": content} for message, content in came[case]]


if __name__ == "__main__":
    us.serve(take, {"POST /begin": begin, "POST /sign/": signature, "POST /ask": question, "GET /came/": look})
