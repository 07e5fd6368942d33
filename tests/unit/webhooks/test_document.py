"""What docs/webhooks.md tells a receiver is true: its code verifies, and its events are those that there are."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from customers.webhooks.events import EventType
from customers.webhooks.schedule import DELAYS
from customers.webhooks.signing import new_seed, secret_of, signed_headers
from tests.services import ROOT

TEXT = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY = '{"type":"webhook.test","data":{"name":"Müller"}}'


@pytest.fixture
def is_genuine() -> Any:
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "def is_genuine" in block]
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 — our own document
    return names["is_genuine"]


def test_the_code_without_a_library_verifies_what_we_sign(is_genuine: Any) -> None:
    old, new, strange = (secret_of(new_seed()) for _ in range(3))
    now = datetime.now(tz=UTC)
    headers = signed_headers(message_id="msg_1", at=now, body=BODY, secrets_in_use=[new, old])

    assert is_genuine(old, headers, BODY.encode())
    assert is_genuine(new, headers, BODY.encode())
    assert not is_genuine(strange, headers, BODY.encode())
    assert not is_genuine(new, headers, BODY.encode() + b" ")
    past = signed_headers(message_id="msg_1", at=now - timedelta(minutes=6), body=BODY, secrets_in_use=[new])
    assert not is_genuine(new, past, BODY.encode())


def test_the_events_are_those_that_there_are() -> None:
    assert re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", TEXT, re.MULTILINE) == [each.value for each in EventType]


def test_the_schedule_is_the_one_that_is_kept() -> None:
    assert "5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in TEXT
    assert [each.total_seconds() for each in DELAYS[:3]] == [5, 300, 1800]
    assert [each.total_seconds() / 3600 for each in DELAYS[3:]] == [2, 5, 10, 14, 20, 24]
