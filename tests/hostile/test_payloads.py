"""Payloads of megabytes, such as no code can hold, straight to those who take payloads apart."""

import time

import pytest

from ocr.extraction.payment_qr import testimony_of_code as heard
from ocr.reading.document import Box, CodeWitness

MEGABYTES = 4 * 1024 * 1024
IBAN = "DE89370400440532013000"
PAYLOADS = {
    "swiss lines": "SPC\n" * (MEGABYTES // 4),
    "swiss billing": "SPC\n0200\n1\n" + "\n" * 27 + "EPD\n//S1/" + "/" * MEGABYTES,
    "epc name": f"BCD\n002\n1\nSCT\n\n{'N' * MEGABYTES}\n{IBAN}\nEUR1.00",
    "epc amount": f"BCD\n002\n1\nSCT\n\nName\n{IBAN}\nEUR{'9' * MEGABYTES}",
    "spayd": f"SPD*1.0*ACC:{IBAN}*" + "X-A:1*" * (MEGABYTES // 6),
    "pay by square": "0" * MEGABYTES,
    "upn": "UPNQR\n" + "0\n" * (MEGABYTES // 2),
    "hub3": "HRVHUB30\nEUR\n" + "9" * MEGABYTES,
    "nul bytes": "\x00" * MEGABYTES,
    "spaces": " " * MEGABYTES,
    "look-alike digits": "BCD\n002\n1\nSCT\n\nName\nDE89\u0663704004405320130\uff100\nEUR\u0661.00",
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_of_megabytes_takes_little_time_and_gives_no_account(name: str) -> None:
    started = time.process_time()
    testimony = heard(CodeWitness(1, Box(0.0, 0.0, 1.0, 1.0), "QRCode", PAYLOADS[name]))
    assert time.process_time() - started < 5
    amounts = [one.value for field, one in testimony.candidates if field == "total"] if testimony else []
    assert amounts in ([], ["1.00"])
