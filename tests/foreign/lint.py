#!/usr/bin/env python3
"""Lints what a certification centre emits with pkilint: lint.py FILE…, or `lint.py available`.

By its ending a file is a certificate (.pem, .cer), a revocation list of certificates or of authorities (.crl, .arl), or an
OCSP answer (.ocsp). What is found is printed, one line each: file, severity, code. The last line says how many files
were linted.
"""

import contextlib
import csv
import io
import pathlib
import sys

from pkilint.bin import lint_crl, lint_ocsp_response, lint_pkix_cert

if sys.argv[1] == "available":
    sys.exit()

LINTERS = {
    ".pem": (lint_pkix_cert, ["lint"]),
    ".cer": (lint_pkix_cert, ["lint"]),
    ".crl": (lint_crl, ["lint", "-t", "CRL", "-p", "PKIX"]),
    ".arl": (lint_crl, ["lint", "-t", "ARL", "-p", "PKIX"]),
    ".ocsp": (lint_ocsp_response, ["lint"]),
}

for path in map(pathlib.Path, sys.argv[1:]):
    linter, arguments = LINTERS[path.suffix]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        linter.main([*arguments, "-s", "NOTICE", "-f", "CSV", str(path)])
    said.seek(0)
    findings = list(csv.DictReader(said))
    # Without the head of the table, the file was not read.
    if not said.getvalue().startswith("node_path"):
        sys.exit(f"{path} was not linted: {said.getvalue()}")
    for finding in findings:
        if finding["code"]:
            print(path.name, finding["severity"], finding["code"])
print(f"{len(sys.argv) - 1} linted")
