#!/usr/bin/env python3
"""Validates JSON by JSON Schemas with the package jsonschema: schemas.py FOLDER ITEMS, or `schemas.py available`.

FOLDER holds the schemas, ITEMS is a file of lines {"schema": "name.schema.json#/…", "instance": …}. What is not valid
is printed, one line each; the last line says how many were validated. The exit code is 1 if anything is not valid.
"""

import json
import pathlib
import sys

import jsonschema
from referencing import Registry, Resource

if sys.argv[1] == "available":
    sys.exit()

BASE = "http://contracts.test/"
registry = Registry()
for path in pathlib.Path(sys.argv[1]).glob("*.schema.json"):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    registry = registry.with_resource(BASE + path.name, Resource.from_contents(schema))

count, wrong = 0, 0
for line in pathlib.Path(sys.argv[2]).read_text().splitlines():
    item = json.loads(line)
    validator = jsonschema.Draft202012Validator(
        {"$ref": BASE + item["schema"]}, registry=registry,
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    count += 1
    for error in validator.iter_errors(item["instance"]):
        wrong += 1
        best = jsonschema.exceptions.best_match([error])
        print(f"{item['schema']} {best.json_path}: {best.message[:300]}")
print(f"{count} validated, {wrong} faults")
sys.exit(wrong > 0)
