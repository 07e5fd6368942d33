"""Payment files: valid by ISO's own schema, with the right sums, and what each kind of payment asks for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from transfers.pain001 import NAMESPACE, Holder, Payment, PaymentFile, PaymentUnfit, Place, payment_file

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 30)
PAYER = Holder("Aldermoor Trading GmbH", "DE02100500000054540402", "BELADEBEXXX")
SWISS_PAYER = Holder("Aldermoor Handel AG", "CH9300762011623852957", "")
PAYEE = Holder(
    "Hollow Oak Timber Ltd", "DE02120300000000202051", "BYLADEM1001", Place("Mühlenweg 4", "20249", "Hamburg", "DE")
)
SEPA = Payment("a" * 32, PAYER, PAYEE, 11900, "EUR", "RF18539007547034", DAY)
QR = Payment(
    "b" * 32,
    SWISS_PAYER,
    Holder("Elm & Söhne AG", "CH4431999123000889012", "", Place("", "8000", "Zürich", "CH")),
    194975,
    "CHF",
    "210000000003139471430009017",
    DAY,
)
NOK = Payment("c" * 32, PAYER, Holder("Øst AS", "NO9386011117947", "DNBANOKKXXX"), 50000, "NOK", "2345676", DAY)
TAGS = {"p": NAMESPACE}


@cache
def schema() -> etree.XMLSchema:
    with (files("sepaxml") / "schemas" / "pain.001.001.09.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))


def written(*payments: Payment) -> PaymentFile:
    return payment_file(payments=payments, message_id="f" * 32, created_at=NOW)


def parsed(*payments: Payment) -> etree._Element:
    root = etree.fromstring(written(*payments).content)
    schema().assertValid(root)
    return root


def texts(root: etree._Element, path: str) -> list[str]:
    found = root.xpath("//" + "/".join(f"p:{tag}" for tag in path.split("/")), namespaces=TAGS)
    assert isinstance(found, list)
    return ["".join(map(str, one.itertext())).strip() for one in found if isinstance(one, etree._Element)]


class TestSepa:
    def test_an_invoice_in_euros(self) -> None:
        root = parsed(SEPA)

        assert texts(root, "GrpHdr/MsgId") == ["f" * 32]
        assert texts(root, "GrpHdr/CreDtTm") == ["2026-03-02T09:00:00+00:00"]
        assert texts(root, "SvcLvl/Cd") == ["SEPA"]
        assert texts(root, "ChrgBr") == ["SLEV"]
        assert texts(root, "ReqdExctnDt/Dt") == ["2026-03-30"]
        assert texts(root, "DbtrAcct/Id/IBAN") == [PAYER.iban]
        assert texts(root, "DbtrAgt/FinInstnId/BICFI") == ["BELADEBEXXX"]
        assert texts(root, "InstdAmt") == ["119.00"]
        assert texts(root, "CdtrAcct/Id/IBAN") == [PAYEE.iban]
        assert texts(root, "CdtrAgt/FinInstnId/BICFI") == ["BYLADEM1001"]
        assert texts(root, "Cdtr/Nm") == ["Hollow Oak Timber Ltd"]
        assert texts(root, "EndToEndId") == ["a" * 32]
        assert texts(root, "CdtrRefInf/Tp/CdOrPrtry/Cd") == ["SCOR"]
        assert texts(root, "CdtrRefInf/Tp/Issr") == ["ISO"]
        assert texts(root, "CdtrRefInf/Ref") == ["RF18539007547034"]
        assert texts(root, "Ustrd") == []

    def test_addresses_are_structured_and_left_out_without_a_city(self) -> None:
        root = parsed(SEPA, replace(SEPA, payee=replace(PAYEE, place=Place("x", "1", "", "DE"))))

        assert texts(root, "Cdtr/PstlAdr/StrtNm") == ["Muehlenweg 4"]
        assert texts(root, "Cdtr/PstlAdr/TwnNm") == ["Hamburg"]
        assert texts(root, "Cdtr/PstlAdr/Ctry") == ["DE"]
        assert texts(root, "AdrLine") == []

    def test_text_goes_unstructured_and_nothing_goes_nowhere(self) -> None:
        root = parsed(replace(SEPA, reference="Invoice 4711"), replace(SEPA, reference=""))

        assert texts(root, "RmtInf/Ustrd") == ["Invoice 4711"]
        assert texts(root, "RmtInf") == ["Invoice 4711"]

    def test_a_belgian_reference_names_its_issuer(self) -> None:
        belgian = replace(PAYEE, iban="BE68539007547034", bic="")
        root = parsed(replace(SEPA, payee=belgian, reference="+++010/8068/17183+++"))

        assert (texts(root, "Issr"), texts(root, "CdtrRefInf/Ref")) == (["BBA"], ["010806817183"])
        assert texts(root, "CdtrAgt") == []

    def test_a_bank_that_is_known_by_iban_alone_is_said_to_be_so(self) -> None:
        root = parsed(replace(SEPA, payer=replace(PAYER, bic="")))

        assert texts(root, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


class TestOthers:
    def test_a_swiss_qr_bill(self) -> None:
        root = parsed(QR)

        assert texts(root, "CdtrRefInf/Tp/CdOrPrtry/Prtry") == ["QRR"]
        assert texts(root, "CdtrRefInf/Ref") == [QR.reference]
        assert (texts(root, "SvcLvl"), texts(root, "ChrgBr")) == ([], [])
        assert (texts(root, "Cdtr/Nm"), texts(root, "Cdtr/PstlAdr/TwnNm")) == (["Elm + Soehne AG"], ["Zuerich"])

    def test_francs_with_a_creditor_reference(self) -> None:
        payee = replace(QR.payee, iban="CH5604835012345678009")
        root = parsed(replace(QR, payee=payee, reference="RF18539007547034"))

        assert texts(root, "CdtrRefInf/Tp/CdOrPrtry/Cd") == ["SCOR"]

    def test_another_currency_shares_charges_and_is_no_sepa_payment(self) -> None:
        root = parsed(NOK)

        assert (texts(root, "SvcLvl"), texts(root, "ChrgBr")) == ([], ["SHAR"])
        assert (texts(root, "CdtrRefInf/Tp/CdOrPrtry/Cd"), texts(root, "CdtrRefInf/Ref")) == (["SCOR"], ["2345676"])

    @pytest.mark.parametrize(("currency", "minor", "amount"), [("JPY", 980, "980"), ("KWD", 12345, "12.345")])
    def test_amounts_have_the_digits_of_their_currency(self, currency: str, minor: int, amount: str) -> None:
        root = parsed(replace(NOK, currency=currency, amount_minor=minor, reference=""))

        assert texts(root, "InstdAmt") == [amount]

    def test_euros_to_a_country_outside_the_sepa(self) -> None:
        assert replace(SEPA, payee=replace(PAYEE, iban="TR330006100519786457841326")).service == "other"


class TestMany:
    def test_payments_are_grouped_by_account_currency_and_day_with_sums_for_all_and_each(self) -> None:
        later = replace(SEPA, execution_date=date(2026, 4, 1), payment_id="d" * 32)
        other_account = replace(SEPA, payer=replace(PAYER, iban="BE68539007547034"), payment_id="e" * 32)
        payments = [SEPA, QR, later, NOK, replace(SEPA, amount_minor=1, payment_id="9" * 32), other_account]

        root = parsed(*payments)

        assert (texts(root, "GrpHdr/NbOfTxs"), texts(root, "GrpHdr/CtrlSum")) == (["6"], ["2806.76"])
        groups = list(
            zip(
                texts(root, "PmtInf/DbtrAcct"),
                texts(root, "PmtInf/ReqdExctnDt/Dt"),
                texts(root, "PmtInf/NbOfTxs"),
                texts(root, "PmtInf/CtrlSum"),
                strict=True,
            )
        )
        assert sorted(groups) == [
            ("BE68539007547034", "2026-03-30", "1", "119.00"),
            ("CH9300762011623852957", "2026-03-30", "1", "1949.75"),
            ("DE02100500000054540402", "2026-03-30", "1", "500.00"),
            ("DE02100500000054540402", "2026-03-30", "2", "119.01"),
            ("DE02100500000054540402", "2026-04-01", "1", "119.00"),
        ]
        assert len(set(texts(root, "PmtInfId"))) == 5
        assert sorted(texts(root, "EndToEndId")) == sorted(payment.payment_id for payment in payments)

    def test_the_sum_is_said_outside_the_file_too(self) -> None:
        file = written(SEPA, NOK)

        assert (file.number_of_payments, file.control_sum) == (2, Decimal("619.00"))

    @given(st.lists(st.integers(1, 10**11 - 1), min_size=1, max_size=30))
    def test_sums_are_exact_whatever_the_amounts(self, amounts: list[int]) -> None:
        file = written(*(replace(SEPA, amount_minor=amount) for amount in amounts))

        assert file.control_sum * 100 == sum(amounts)
        assert file.number_of_payments == len(amounts)


@pytest.mark.parametrize(
    ("payment", "blocker"),
    [
        (replace(SEPA, reference="Müller"), "reference_not_payable"),
        (replace(QR, reference="Invoice 7"), "reference_not_payable"),
        (replace(QR, payer=PAYER), "account_not_payable"),
        (replace(QR, currency="USD"), "account_not_payable"),
        (replace(SEPA, amount_minor=100_000_000_000), "amount_not_payable"),
        (replace(SEPA, amount_minor=0), "amount_not_payable"),
        (replace(SEPA, payee=replace(PAYEE, name="☃")), "name_not_payable"),
    ],
)
def test_what_no_bank_would_take_is_refused(payment: Payment, blocker: str) -> None:
    with pytest.raises(PaymentUnfit, match=r"\.$") as refused:
        written(SEPA, payment)
    assert refused.value.blocker == blocker


def test_a_sum_beyond_the_digits_of_a_file_is_refused() -> None:
    large = replace(NOK, amount_minor=10**18 - 1, reference="")

    with pytest.raises(PaymentUnfit, match="several files"):
        written(large, large)


@given(st.text(), st.text(max_size=200), st.text())
def test_any_name_and_address_gives_a_valid_file(name: str, street: str, city: str) -> None:
    payee = replace(PAYEE, name=f"A{name}", place=Place(street, street, city, "FR"))
    parsed(replace(SEPA, payee=payee))
