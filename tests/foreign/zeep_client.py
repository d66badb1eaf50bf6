#!/usr/bin/env python3
"""Calls a channel with zeep, from its WSDL alone: zeep_client.py FOLDER WSDL CALL, or `zeep_client.py available`.

FOLDER holds system.key, system.pem and call.json: the operation, its `request`, and in `data` what the message
carries, of the type `kind` (that of our messages without it); over TLS also roots.pem, and unless there is a file
`anonymous` the certificate is shown. CALL is `typed` (xsi:type'd XML) or `text` (the same as a string). What comes back
is printed as JSON.
"""

import json
import pathlib
import sys

import zeep
from lxml import etree
from zeep.helpers import serialize_object

from soap import decoded, session
from wss import Signer

if sys.argv[1] == "available":
    sys.exit()

folder, wsdl, form = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
call = json.loads((folder / "call.json").read_text())
data = decoded(call["data"])
connection = session(folder)
if (folder / "anonymous").exists():
    connection.cert = None
client = zeep.Client(wsdl, wsse=Signer(folder), transport=zeep.Transport(session=connection))
name = call.get("kind", "{urn:qaqpa:messages:v1}Message")
kind = client.get_type(name)
carried = zeep.xsd.AnyObject(kind, kind(**data))
if form == "text":
    element = client.get_element(name)
    holder = etree.Element("holder")
    element.render(holder, element(**data))
    carried = zeep.xsd.AnyObject(zeep.xsd.String(), etree.tostring(holder[0]).decode())
request = call["request"]
request[call["carrier"]] = {"data": carried}
try:
    answer = client.service[call["operation"]](request=request)
    carried = getattr(getattr(answer, "responseData", None), "data", None)
    of = getattr(carried, "_xsd_type", None)
    print(json.dumps({"answer": serialize_object(answer, dict), "of": of and str(of.qname)}, default=str))
except zeep.exceptions.Fault as fault:
    info = fault.detail[0]
    print(json.dumps({"fault": fault.message, "detail": {child.tag: child.text for child in info}, "of": info.tag}))
except zeep.exceptions.TransportError as error:
    print(json.dumps({"status": error.status_code, "content": error.content.decode()}))
