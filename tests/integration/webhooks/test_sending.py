"""One request: pinned to the checked address, nothing followed, over within its time, and little read."""

import gzip
import socket
import ssl
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from customers.webhooks import sending
from customers.webhooks.sending import MOST_BYTES_READ, Outcome, Rules, post
from tests.receiver import Receiver, receiving

# Long enough for a busy machine; who is impatient meets a receiver that would take half a minute.
RULES = Rules(allow_http=True, allowed_networks=(ip_network("127.0.0.0/8"),), seconds=20.0)
STRICT = replace(RULES, allow_http=False)
IMPATIENT = replace(RULES, seconds=1.0)


def send(url: str, rules: Rules = RULES, *answers: str) -> Outcome:
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        assert len(asked) == 1, "a name is looked up once; the second answer may be another"
        return list(answers) or [host]

    return post(url=url, body='{"type":"x"}', headers={"webhook-id": "msg_1"}, rules=rules, look_up=look_up)


def test_a_message_arrives_as_it_was_sent(receiver: Receiver) -> None:
    receiver.status, receiver.answer = 200, b"thanks"
    outcome = send(f"{receiver.url}?a=b")

    (got,) = receiver.received
    assert (outcome.status, outcome.answer, outcome.error, outcome.address) == (200, "thanks", "", "127.0.0.1")
    assert (got.path, got.body) == ("/hook?a=b", b'{"type":"x"}')
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == "msg_1"
    assert not {"cookie", "authorization", "x-forwarded-for"} & set(got.headers)


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_stays_in_the_request(
    receiver: Receiver,
) -> None:
    url = receiver.url.replace("127.0.0.1", "receiver.invalid")
    outcome = send(url, RULES, "127.0.0.1")

    assert outcome.status == 204
    assert receiver.received[0].headers["host"] == url.split("/")[2]


@pytest.mark.parametrize("answers", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::ffff:127.0.0.1",)])
def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, answers: tuple[str, ...]) -> None:
    outcome = send(
        receiver.url.replace("127.0.0.1", "receiver.invalid"),
        replace(RULES, allowed_networks=()),
        *answers,
    )

    assert (outcome.status, outcome.is_success) == (None, False)
    assert "no address on the internet" in outcome.error
    assert receiver.received == []


def test_http_is_refused_unless_it_is_allowed(receiver: Receiver) -> None:
    outcome = send(receiver.url, STRICT)

    assert (outcome.status, "https://" in outcome.error, receiver.received) == (None, True, [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    with receiving() as other:
        receiver.status, receiver.headers = status, {"Location": other.url}
        outcome = send(receiver.url)

        assert (outcome.status, outcome.is_success) == (status, False)
        assert (len(receiver.received), other.received) == (1, [])


@pytest.mark.parametrize(
    ("behaviour", "value"),
    [("pause", 30.0), ("dripping", 0.05)],
    ids=["no answer", "header byte by byte"],
)
def test_a_slow_receiver_holds_nobody_longer_than_the_time_out(
    receiver: Receiver, behaviour: str, value: float
) -> None:
    setattr(receiver, behaviour, value)
    began = time.monotonic()
    outcome = send(receiver.url, IMPATIENT)

    assert (outcome.status, outcome.is_success) == (None, False)
    assert "in time" in outcome.error or "too long" in outcome.error
    assert time.monotonic() - began < 15


def test_of_an_endless_answer_a_little_is_read(receiver: Receiver) -> None:
    receiver.status, receiver.endless = 200, True
    began = time.monotonic()
    outcome = send(receiver.url)

    assert (outcome.status, set(outcome.answer)) == (200, {"x"})
    assert len(outcome.answer) <= MOST_BYTES_READ
    assert time.monotonic() - began < 15


def test_a_compressed_answer_is_not_unpacked(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 200, {"Content-Encoding": "gzip"}
    receiver.answer = gzip.compress(b"\0" * 50_000_000)
    outcome = send(receiver.url)

    assert (outcome.status, len(outcome.answer) <= 1000) == (200, True)


def test_an_answer_with_unprintable_bytes_can_be_stored(receiver: Receiver) -> None:
    receiver.status, receiver.answer = 500, b"\x00\xff\x1b[31mred\nline"
    outcome = send(receiver.url)

    assert outcome.answer == "���[31mred\nline"


@pytest.mark.parametrize(
    ("value", "wish"),
    [("120", timedelta(seconds=120)), ("soon", None), ("-5", None), ("9" * 5000, None), ("", None)],
)
def test_retry_after_is_read_or_ignored(receiver: Receiver, value: str, wish: timedelta | None) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": value}

    assert send(receiver.url).retry_after == wish


def test_retry_after_as_a_date(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    wish = send(receiver.url).retry_after

    assert wish is not None
    assert wish > timedelta(days=365)


def test_nobody_there_and_a_name_that_does_not_exist() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refused = send(f"http://127.0.0.1:{port}/")
    unknown = post(url="http://receiver.invalid/", body="{}", headers={}, rules=RULES)

    assert (refused.status, refused.error) == (None, "No connection: Connection refused.")
    assert (unknown.status, "has no address" in unknown.error) == (None, True)


def test_a_receiver_that_speaks_no_http_or_no_tls(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        silent = send(f"https://127.0.0.1:{port}/", IMPATIENT)
    plain = send(receiver.url.replace("http://", "https://"))

    assert (silent.status, plain.status, receiver.received) == (None, None, [])
    assert silent.error.startswith("No connection: ")
    assert plain.error.startswith("No connection: ")


def test_an_address_that_does_not_answer_is_followed_by_the_next(receiver: Receiver) -> None:
    # Nothing listens on 127.0.0.2 at this port: the server is bound to 127.0.0.1 alone.
    outcome = send(receiver.url.replace("127.0.0.1", "receiver.invalid"), RULES, "127.0.0.2", "127.0.0.1")

    assert (outcome.status, outcome.address) == (204, "127.0.0.1")


@pytest.fixture
def certified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ssl.SSLContext:
    """What a server needs to be `receiver.invalid`; its certificate is trusted in this test alone."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=receiver.invalid", "-addext", "subjectAltName=DNS:receiver.invalid"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(sending, "_tls", lambda: trusting)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_the_certificate_has_to_be_the_names_although_the_connection_goes_to_an_address(
    certified: ssl.SSLContext,
) -> None:
    names: list[str | None] = []
    certified.sni_callback = lambda _, name, __: names.append(name)
    with receiving(tls=certified) as receiver:
        right = send(receiver.url.replace("127.0.0.1", "receiver.invalid"), STRICT, "127.0.0.1")
        wrong = send(receiver.url.replace("127.0.0.1", "other.invalid"), STRICT, "127.0.0.1")

    assert (right.status, right.error, names) == (204, "", ["receiver.invalid", "other.invalid"])
    assert wrong.status is None
    assert "the certificate is not valid (Hostname mismatch" in wrong.error
    assert len(receiver.received) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(
    certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_tls", ssl.create_default_context)
    with receiving(tls=certified) as receiver:
        outcome = send(receiver.url.replace("127.0.0.1", "receiver.invalid"), STRICT, "127.0.0.1")

    assert (outcome.status, receiver.received) == (None, [])
    assert "self-signed certificate" in outcome.error


def test_a_slow_answer_over_tls_is_cut_off_too(certified: ssl.SSLContext) -> None:
    with receiving(tls=certified) as receiver:
        receiver.dripping = 0.05
        began = time.monotonic()
        outcome = send(receiver.url.replace("127.0.0.1", "receiver.invalid"), IMPATIENT, "127.0.0.1")

    assert (outcome.status, "in time" in outcome.error) == (None, True)
    assert time.monotonic() - began < 15
