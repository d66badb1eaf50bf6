#!/usr/bin/env python3
"""A provider of somebody else's: nothing of Qaqpa.

    provider.py FOLDER [--listen 127.0.0.1:0] [--wire json|soap]

FOLDER is what `qaqpa systems add provider --out FOLDER` wrote; system.py says how messages are signed and sent. What it
gives out its authorised person signs, whose keys are staff.key and staff.pem.
"""

import base64
import threading

from signing import Refused
from system import SPECIMEN, System, now, subject

NOTICE = {
    "kk": "Кезектілік нөмірі көрсетілген кезекке қою туралы хабарлама",
    "ru": "Уведомление о постановке на очередь с указанием номера очередности",
    "en": "Notice of queueing with the queue number",
}
REFERRAL = {
    "kk": "Мектепке дейінгі ұйымға жолдама",
    "ru": "Направление в дошкольную организацию",
    "en": "Referral to a preschool organisation",
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
us = System(__doc__)
places, numbers, lock = {}, {}, threading.Lock()


def take(envelope, application):
    """An assignment: the staff decide, and what they decide is on its way back before long."""
    data = envelope["data"]
    if data["message"] != "assignment":
        raise Refused("route-unknown", 403, data["message"])
    carries, said = decide(data, application)
    issue = subject(data) | {"specimen": SPECIMEN, "made_at": now(), "provider": {"name": us.us["organisation"],
                                                                                  "bin": us.us["bin"]}}
    outcome = {"message": "outcome", "carries": carries, "document": us.signed(issue | said, "staff")}
    us.send("regional-workstation", subject(data) | outcome)


def decide(data, application):
    """The staff: papers must name the child and the recipient of the application."""
    papers = [base64.b64decode(paper["content"]).decode(errors="replace") for paper in data.get("attachments", [])]
    fields = application["fields"]
    if not all(fields[name] in paper for name in ("child-iin", "applicant-iin") for paper in papers):
        return "refusal", {
            "document": "refusal", "title": application["service"], "code": "documents-refused",
            "message": REFUSALS[data["channel"]], "grounds": "құжаттарда басқа адам / в документах другое лицо",
        }
    preschool = fields["organisation"]
    with lock:
        if places.get(preschool, 0) > 0:
            places[preschool] -= 1
            return "result", {"document": "referral", "title": REFERRAL, "organisation": preschool}
        numbers[preschool] = numbers.get(preschool, 0) + 1
        return "result", {"document": "queue-notice", "title": NOTICE, "organisation": preschool,
                          "queue_number": numbers[preschool]}


def arrange(preschool, said):
    """What a tester arranges."""
    with lock:
        places[preschool] = said["free"]
    return said


if __name__ == "__main__":
    us.serve(take, {"PUT /places/": arrange})
