"""`docs/api.md` tells of every operation and every error code, and of none that is not there."""

import re

from config.api import errors
from tests.api.operations import operations
from tests.services import ROOT

PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")


def test_it_lists_every_operation() -> None:
    listed = {
        (path, method)
        for path, methods in re.findall(r"^\| `(/v2/[^`]*)` \| ([A-Z, ]+) \|", PAGE, re.MULTILINE)
        for method in methods.split(", ")
    }

    assert listed == {(operation.path, operation.method) for operation in operations()}


def test_it_lists_every_error() -> None:
    listed = {(int(status), code) for status, code in re.findall(r"^\| (\d{3}) \| `(\w+)` \|", PAGE, re.MULTILINE)}
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "config/api").glob("*.py"))
    raised = {(status, code) for _, status, code in errors.DOMAIN_ERRORS}
    codes = {code for _, code, _ in errors.API_ERRORS} | set(re.findall(r'code="(\w+)"', sources))

    assert raised <= listed
    assert {code for _, code in listed} == {code for _, code in raised} | codes
