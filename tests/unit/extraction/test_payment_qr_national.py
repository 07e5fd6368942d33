"""National payment codes: SPAYD (Czech), PAY by square (Slovak), UPN QR (Slovenian) and HUB3 (Croatian)."""

import lzma
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.extraction import fields
from ocr.extraction.payment_qr import testimony_of_code as read_code
from ocr.reading.document import Box, CodeWitness

CZECH, SLOVAK, SLOVENIAN, CROATIAN = (
    "CZ6508000000192000145399",
    "SK3112000000198742637541",
    "SI56263300012039086",
    "HR1210010051863000160",
)
SPAYD = f"SPD*1.0*ACC:{CZECH}+GIBACZPX*AM:480.5*CC:CZK*DT:20260410*RN:Lampa s.r.o.*X-VS:1234567890*MSG:FAKTURA 17"
PAYMENT = ("1", "123.45", "EUR", "20260410", "2026017", "0308", "", "", "Faktura 17", "1", SLOVAK, "TATRSKBX", "0", "0")
UPN = (
    *("UPNQR", "", "", "", "", "Ana Primer", "Pot 1", "1000 Ljubljana", "00000012345", "", "", "COST", "Račun 17"),
    *("10.04.2026", SLOVENIAN, "SI00225268-32526-222", "Žarnica d.o.o.", "Cesta 5", "2000 Maribor"),
)
HUB3 = (
    *("HRVHUB30", "EUR", "000000000012355", "Ana Primjer", "Obala 1", "21000 Split", "Žarulja d.o.o."),
    *("Šetalište 2", "10000 Zagreb", CROATIAN, "HR00", "17-2026", "COST", "Račun 17"),
)


def by_square(
    *payment: str, invoice: str = "F17", payee: tuple[str, ...] = ("Lampa a.s.", "", ""), version: int = 1
) -> str:
    return packed("\t".join([invoice, "1", *payment, *payee]).encode(), version=version)


def packed(data: bytes, *, version: int = 0, checksum: int | None = None, length: int | None = None) -> str:
    whole = (crc32(data) if checksum is None else checksum).to_bytes(4, "little") + data
    filters = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 128 * 1024}]
    stream = lzma.compress(whole, format=lzma.FORMAT_RAW, filters=filters)
    content = bytes([version, 0]) + (len(whole) if length is None else length).to_bytes(2, "little") + stream
    bits = "".join(f"{byte:08b}" for byte in content)
    bits += "0" * (-len(bits) % 5)
    return "".join("0123456789ABCDEFGHIJKLMNOPQRSTUV"[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def upn(*changes: tuple[int, str]) -> str:
    elements = [dict(changes).get(place, element) for place, element in enumerate(UPN)]
    return "\n".join([*elements, f"{sum(map(len, elements)) + 19:03}", ""])


def hub3(*changes: tuple[int, str]) -> str:
    return "\n".join(dict(changes).get(place, element) for place, element in enumerate(HUB3)) + "\n"


def payment(*changes: tuple[int, str]) -> str:
    return by_square(*(dict(changes).get(place, field) for place, field in enumerate(PAYMENT)))


def heard(text: str) -> fields.Testimony:
    testimony = read_code(CodeWitness(page=2, box=Box(10, 20, 110, 120), symbology="QRCode", text=text))
    assert testimony is not None
    return testimony


def stated(text: str) -> dict[str, str]:
    testimony = heard(text)
    assert {candidate.source for _, candidate in testimony.candidates} <= {"qr"}
    return {name: candidate.value for name, candidate in testimony.candidates if candidate.confidence >= 0.8}


def test_a_spayd_code_states_account_amount_due_date_payee_and_variable_symbol() -> None:
    assert stated(SPAYD) == {
        "iban": CZECH,
        "bic": "GIBACZPX",
        "currency_code": "CZK",
        "total": "480.50",
        "due_date": "2026-04-10",
        "seller_name": "Lampa s.r.o.",
        "reference": "1234567890",
    }


def test_a_spayd_code_needs_no_more_than_an_account() -> None:
    assert stated(f"SPD*1.0*ACC:{CZECH}*") == {"iban": CZECH}
    assert stated(f"SPD*1.0*ACC:{CZECH}*AM:100*MSG:Dar%2A 1") == {
        "iban": CZECH,
        "total": "100.00",
        "reference": "Dar* 1",
    }


@pytest.mark.parametrize("tail", ["", "*"])
def test_a_spayd_checksum_is_taken_over_the_sorted_attributes(tail: str) -> None:
    ordered = f"SPD*1.0*ACC:{CZECH}*AM:480.50*CC:CZK{tail}"
    right = crc32(ordered.encode())
    assert stated(f"SPD*1.0*CC:CZK*ACC:{CZECH}*CRC32:{right:08X}*AM:480.50")["total"] == "480.50"
    assert stated(f"SPD*1.0*CC:CZK*ACC:{CZECH}*CRC32:{right ^ 1:08X}*AM:480.50") == {}


def test_a_pay_by_square_code_states_account_amount_due_date_payee_and_variable_symbol() -> None:
    assert stated(by_square(*PAYMENT)) == {
        "iban": SLOVAK,
        "bic": "TATRSKBX",
        "currency_code": "EUR",
        "total": "123.45",
        "due_date": "2026-04-10",
        "seller_name": "Lampa a.s.",
        "invoice_number": "F17",
        "reference": "2026017",
    }


def test_a_pay_by_square_code_of_the_first_version_names_no_payee() -> None:
    assert "seller_name" not in stated(by_square(*PAYMENT, payee=(), version=0))


def test_a_pay_by_square_code_may_quote_a_creditor_reference() -> None:
    assert stated(payment((4, ""), (7, "RF18539007547034")))["reference"] == "RF18539007547034"
    assert stated(payment((4, "")))["reference"] == "Faktura 17"


def test_of_several_accounts_in_a_pay_by_square_code_none_is_certain() -> None:
    text = by_square(*PAYMENT[:9], "2", *PAYMENT[10:12], "SK9611000000002918599669", "", "0", "0")
    assert "iban" not in stated(text)
    assert [candidate.value for name, candidate in heard(text).candidates if name == "iban"] == [
        SLOVAK,
        "SK9611000000002918599669",
    ]


def test_a_direct_debit_in_a_pay_by_square_code_is_warned_of() -> None:
    text = by_square("4", *PAYMENT[1:13], "1", *[""] * 10)
    assert [warning.code for warning in heard(text).warnings] == ["direct_debit"]
    assert stated(text)["seller_name"] == "Lampa a.s."


def test_a_upn_code_states_payee_payer_amount_due_date_and_reference() -> None:
    assert stated(upn()) == {
        "iban": SLOVENIAN,
        "currency_code": "EUR",
        "total": "123.45",
        "due_date": "2026-04-10",
        "seller_name": "Žarnica d.o.o.",
        "seller_address": "Cesta 5, 2000 Maribor",
        "customer_name": "Ana Primer",
        "reference": "SI00225268-32526-222",
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SI121234567890120", "SI121234567890120"),
        ("SI121234567890127", None),  # its check digit is wrong
        ("RF18539007547034", "RF18539007547034"),
        ("RF17539007547034", None),
        ("SI00", None),
        ("4711", None),
    ],
)
def test_a_upn_reference_is_checked_by_its_model(written: str, expected: str | None) -> None:
    assert stated(upn((15, written))).get("reference") == expected
    assert bool(stated(upn((15, written)))) is (expected is not None)


def test_a_upn_code_may_ask_for_no_reference() -> None:
    assert "reference" not in stated(upn((15, "SI99")))
    assert stated(upn((15, "SI99")))["total"] == "123.45"


def test_a_hub3_code_states_payee_payer_amount_and_reference_with_its_model() -> None:
    assert stated(hub3()) == {
        "iban": CROATIAN,
        "currency_code": "EUR",
        "total": "123.55",
        "seller_name": "Žarulja d.o.o.",
        "seller_address": "Šetalište 2, 10000 Zagreb",
        "customer_name": "Ana Primjer",
        "reference": "HR00 17-2026",
    }


def test_a_hub3_code_may_ask_for_no_reference() -> None:
    assert "reference" not in stated(hub3((10, "HR99"), (11, "")))


@pytest.mark.parametrize(
    "text",
    [
        "SPD*1.0*AM:100.00*CC:CZK",
        "SPD*1.0*ACC:CZ6508000000192000145398*AM:100.00*CC:CZK",
        SPAYD.replace("+GIBACZPX", "+GIBA"),
        SPAYD.replace("CC:CZK", "CC:CZX"),
        SPAYD.replace("DT:20260410", "DT:20260431"),
        SPAYD.replace("X-VS:1234567890", "X-VS:12345678901"),
        SPAYD.replace("X-VS:1234567890", "X-VS:12345A"),
        f"{SPAYD}*AM:1.00",
        f"{SPAYD}*nonsense",
        f"{SPAYD}*CRC32:ABC",
        payment((10, "SK3112000000198742637542")),
        payment((2, "EUX")),
        payment((3, "20260431")),
        payment((4, "12345678901")),
        payment((9, "7")),
        payment((9, "x")),
        by_square(*PAYMENT[:5], payee=()),
        packed("\t".join(["F17", "2", *PAYMENT, *PAYMENT]).encode()),
        packed("\t".join(["F17", "1", *PAYMENT]).encode(), checksum=1),
        packed("\t".join(["F17", "1", *PAYMENT]).encode(), length=500),
        packed(bytes(range(256))[::-1]),
        packed(bytes(range(256)) * 200),
        by_square(*PAYMENT)[:-40] + "V" * 40,
        upn((14, "SI56263300012039087")),
        upn((16, "")),
        upn((8, "123.45")),
        upn((13, "2026-04-10")),
        upn((13, "31.04.2026")),
        upn((5, "x" * 34)),
        upn().replace("\n00000012345", "\n0000012345"),
        "UPNQR\n\n",
        hub3((1, "EUX")),
        hub3((2, "123.55")),
        hub3((2, "0012355")),
        hub3((6, "")),
        hub3((9, "HR1210010051863000161")),
        hub3((10, "SI00")),
        hub3((11, "17/2026")),
        hub3((6, "x" * 26)),
        hub3() + "more\n",
        "HRVHUB30",
    ],
)
def test_a_code_that_breaks_its_standard_states_nothing_and_is_noted(text: str) -> None:
    testimony = heard(text)
    assert (testimony.candidates, len(testimony.notes)) == ((), 1)


@pytest.mark.parametrize(
    "text",
    [
        SPAYD.replace("AM:480.5", "AM:0.00"),
        SPAYD.replace("AM:480.5", "AM:480,50"),
        SPAYD.replace("AM:480.5", "AM:1.234"),
        SPAYD.replace("AM:480.5", "AM:12345678901"),
        SPAYD.replace("CC:CZK", "CC:JPY"),
        payment((1, "0")),
        payment((1, "-5.00")),
        payment((1, "1e3")),
        payment((1, "123.45"), (2, "JPY")),
        upn((8, "00000000000")),
        hub3((2, "000000000000000")),
    ],
)
def test_an_amount_that_is_not_to_be_paid_is_left_out_and_noted(text: str) -> None:
    assert "total" not in stated(text)
    assert "iban" in stated(text)
    assert len(heard(text).notes) == 1


@pytest.mark.parametrize("text", ["SPD", "SPD*2.0*ACC:X", "000123456", "0" * 60 + "W", "UPNQ", "HRVHUB31\nEUR"])
def test_a_text_that_is_no_national_code_is_passed_over(text: str) -> None:
    assert read_code(CodeWitness(page=1, box=Box(0, 0, 1, 1), symbology="QRCode", text=text)) is None


def test_a_foreign_currency_has_its_own_minor_unit_in_a_hub3_code() -> None:
    assert stated(hub3((1, "KWD")))["total"] == "12.355"


@given(
    text=st.one_of(
        st.builds("SPD*1.0*{}".format, st.text(max_size=80)),
        st.builds("UPNQR\n{}".format, st.text(max_size=200)),
        st.builds("HRVHUB30\n{}".format, st.text(max_size=200)),
        st.builds("000{}".format, st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUV", min_size=40, max_size=200)),
        st.builds(packed, st.binary(max_size=300)),
        st.builds(lambda parts: packed("\t".join(parts).encode()), st.lists(st.text(max_size=9), max_size=25)),
    )
)
def test_whatever_a_code_holds_reading_it_does_not_fail(text: str) -> None:
    testimony = read_code(CodeWitness(page=1, box=Box(0, 0, 1, 1), symbology="QRCode", text=text))
    assert testimony is None or testimony.candidates == ()


@given(place=st.integers(0, 400), character=st.characters(codec="utf-8"))
@pytest.mark.parametrize(("text", "iban"), [(upn(), SLOVENIAN), (by_square(*PAYMENT), SLOVAK), (SPAYD, CZECH)])
def test_one_misread_character_never_yields_another_account(text: str, iban: str, place: int, character: str) -> None:
    changed = text[:place] + character + text[place + 1 :]
    testimony = read_code(CodeWitness(page=1, box=Box(0, 0, 1, 1), symbology="QRCode", text=changed))
    for name, candidate in testimony.candidates if testimony else ():
        assert name != "iban" or candidate.value == iban


def test_a_upn_code_that_leaves_out_payer_addresses_and_due_date_states_the_rest() -> None:
    without = upn((5, ""), (13, ""), (17, ""), (18, ""))

    assert stated(without) == {
        "iban": SLOVENIAN,
        "currency_code": "EUR",
        "total": "123.45",
        "seller_name": "Žarnica d.o.o.",
        "reference": "SI00225268-32526-222",
    }


def test_a_upn_code_without_a_reference_has_none() -> None:
    assert "reference" not in stated(upn((15, "SI99")))


def test_a_upn_reference_of_model_12_that_is_too_long_is_none() -> None:
    assert heard(upn((15, "SI12" + "1" * 14))).candidates == ()


def test_a_pay_by_square_code_without_due_date_and_names_states_the_rest() -> None:
    without = by_square(
        *({3: ""}.get(place, field) for place, field in enumerate(PAYMENT)), invoice="", payee=("", "", "")
    )

    told = stated(without)
    assert told["iban"] == SLOVAK
    assert told["total"] == "123.45"
    assert not told.keys() & {"due_date", "invoice_number", "seller_name"}


def test_a_pay_by_square_code_without_symbols_has_its_note_for_a_reference_and_without_note_none() -> None:
    noted = {name: candidate.value for name, candidate in heard(payment((4, ""), (5, ""), (8, "Lampy 17"))).candidates}
    assert noted["reference"] == "Lampy 17"
    silent = heard(payment((4, ""), (5, ""), (8, "")))
    assert "reference" not in {name for name, _ in silent.candidates}
