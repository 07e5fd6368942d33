"""`manage.py export_payments`: one file for many transfers, each once, and a trail of who took what."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from counterparties.models import Address, CounterpartyAccount
from customers.models import Customer
from tests.ledger import a_customer, own_account, suppliers_account
from tests.unit.transfers.test_pain001 import schema, texts
from transfers.exporting import export_payments, hand_out
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import ExportedTransfer, PaymentExport, Transfer

pytestmark = pytest.mark.django_db

DAY = date(2099, 3, 30)


@pytest.fixture
def customer() -> Customer:
    return a_customer()


@pytest.fixture
def payee(customer: Customer) -> CounterpartyAccount:
    own_account(customer, is_primary=True)
    return suppliers_account(customer)


def pay(payee: CounterpartyAccount, amount_minor: int = 11900, **fields: Any) -> Transfer:
    """A finalised transfer to the payee from the customer's own account."""
    source = CounterpartyAccount.objects.get(customer=payee.customer, counterparty__is_own=True)
    draft = Transfer.objects.create(
        **{
            "customer": payee.customer,
            "amount_minor": amount_minor,
            "currency": "EUR",
            "source_counterparty": source.counterparty,
            "source_account": source,
            "destination_counterparty": payee.counterparty,
            "destination_account": payee,
            "destination_iban": payee.iban,
            "destination_bic": payee.bic,
            "destination_name": payee.counterparty.legal_name,
            "reference": "RF18539007547034",
            "requested_execution_date": DAY,
            **fields,
        }
    )
    return finalize_transfer(transfer_id=draft.pk, by="test", now=timezone.now())


def export(customer: Customer, out: Path | None = None, *options: str) -> tuple[str, str]:
    """What the command says on standard output and on standard error."""
    said, warned = StringIO(), StringIO()
    given = ["--out", str(out)] if out else []
    call_command(
        "export_payments", "--customer", str(customer.pk), *given, *options, stdout=said, stderr=warned, no_color=True
    )
    return said.getvalue(), warned.getvalue()


def test_one_file_for_all_that_wait_with_the_sums_right(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    pay(payee), pay(payee, 1), pay(payee, 500, requested_execution_date=date(2099, 4, 1))
    out = tmp_path / "bank.xml"

    said, _ = export(customer, out, "--by", "ruth")

    root = etree.fromstring(out.read_bytes())
    schema().assertValid(root)
    assert (texts(root, "GrpHdr/NbOfTxs"), texts(root, "GrpHdr/CtrlSum")) == (["3"], ["124.01"])
    assert texts(root, "PmtInf/CtrlSum") == ["119.01", "5.00"]
    noted = PaymentExport.objects.get()
    assert (noted.number_of_payments, noted.control_sum, noted.exported_by) == (3, Decimal("124.01"), "ruth")
    assert (noted.file_name, noted.channel, [noted.message_id]) == ("bank.xml", "command", texts(root, "MsgId"))
    assert noted.transfers.count() == 3
    assert "2099-03-30 from DE02100500000054540402: 2 of 119.01 EUR" in said
    assert f"3 payments, control sum 124.01, message id {noted.message_id}." in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_each_transfer_is_exported_once(customer: Customer, payee: CounterpartyAccount, tmp_path: Path) -> None:
    pay(payee, 100)
    export(customer, tmp_path / "first.xml")
    pay(payee, 200)
    export(customer, tmp_path / "second.xml")

    said, _ = export(customer, tmp_path / "third.xml")

    assert texts(etree.fromstring((tmp_path / "second.xml").read_bytes()), "InstdAmt") == ["2.00"]
    assert said.strip() == "no transfer is waiting to be exported."
    assert not (tmp_path / "third.xml").exists()


def test_a_file_that_did_not_arrive_can_be_written_again(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    first = pay(payee, 100)
    export(customer, tmp_path / "first.xml")
    message_id = PaymentExport.objects.get().message_id
    pay(payee, 200)

    export(customer, tmp_path / "again.xml", "--again", message_id)
    export(customer, tmp_path / "all.xml", "--again")

    assert texts(etree.fromstring((tmp_path / "again.xml").read_bytes()), "InstdAmt") == ["1.00"]
    assert sorted(texts(etree.fromstring((tmp_path / "all.xml").read_bytes()), "InstdAmt")) == ["1.00", "2.00"]
    assert list(first.exports.order_by("pk").values_list("is_again", flat=True)) == [False, True, True]
    with pytest.raises(CommandError, match="No payment file"):
        export(customer, tmp_path / "x.xml", "--again", "unknown")
    with pytest.raises(CommandError, match="No payment file"):
        export(a_customer("Brindle & Co"), tmp_path / "x.xml", "--again", message_id)


def test_what_was_fetched_over_the_api_is_not_paid_a_second_time(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    transfer = pay(payee)
    hand_out(transfer_id=transfer.pk, again=False, is_look=False, by="key:x", now=timezone.now())

    said, warned = export(customer, tmp_path / "bank.xml")

    assert "no transfer is waiting" in said
    assert warned.startswith("left out 1 that were fetched over the API;")


def test_a_dry_run_writes_and_notes_nothing(customer: Customer, payee: CounterpartyAccount, tmp_path: Path) -> None:
    pay(payee)

    said, _ = export(customer, tmp_path / "bank.xml", "--dry-run")
    said_without_file, _ = export(customer, None, "--dry-run")

    assert said.splitlines()[0] == said_without_file.splitlines()[0]
    assert "Dry run, nothing written: 1 payments, control sum 119.00" in said
    assert (list(tmp_path.iterdir()), PaymentExport.objects.count()) == ([], 0)


def test_what_cannot_be_paid_is_left_out_and_said(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    pay(payee, 100)
    strange = pay(payee, 200)
    Transfer.objects.filter(pk=strange.pk).update(reference="für")
    cancel_transfer(transfer_id=pay(payee, 300).pk, by="test", now=timezone.now())

    said, warned = export(customer, tmp_path / "bank.xml")

    assert "1 payments, control sum 1.00" in said
    assert warned.startswith(f"left out {strange.pk}: A payment cannot carry ü")
    assert ExportedTransfer.objects.count() == 1


def test_only_those_to_be_paid_by_a_day(customer: Customer, payee: CounterpartyAccount, tmp_path: Path) -> None:
    pay(payee, 100)
    pay(payee, 200, requested_execution_date=date(2099, 4, 1))

    export(customer, tmp_path / "bank.xml", "--until", "2099-03-31")

    assert texts(etree.fromstring((tmp_path / "bank.xml").read_bytes()), "InstdAmt") == ["1.00"]


def test_a_file_is_never_overwritten_and_nothing_is_noted_then(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    pay(payee)
    (tmp_path / "bank.xml").write_text("theirs")

    for out in (tmp_path / "bank.xml", tmp_path / "missing" / "bank.xml"):
        with pytest.raises(CommandError, match="nothing was exported"):
            export(customer, out)
    with pytest.raises(CommandError, match="--out"):
        export(customer)
    assert (tmp_path / "bank.xml").read_text() == "theirs"
    assert PaymentExport.objects.count() == 0


def test_a_file_of_which_no_row_would_tell_is_taken_away(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(payee)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(PaymentExport, "save", fail)
    monkeypatch.setattr("transfers.exporting._note", lambda **_: PaymentExport())
    with pytest.raises(RuntimeError):
        export(customer, tmp_path / "bank.xml")

    assert list(tmp_path.iterdir()) == []


def test_the_number_of_queries_does_not_grow_with_the_transfers(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    Address.objects.create(counterparty=payee.counterparty, city="Leeds", country="GB")

    def queries(out: str, number: int) -> int:
        for _ in range(number):
            pay(payee)
        with CaptureQueriesContext(connection) as captured:
            export(customer, tmp_path / out)
        return len(captured)

    assert queries("one.xml", 1) == queries("six.xml", 6)


def test_other_customers_are_left_alone(customer: Customer, payee: CounterpartyAccount, tmp_path: Path) -> None:
    pay(payee)

    assert "no transfer" in export(a_customer("Brindle & Co"), tmp_path / "bank.xml")[0]
    with pytest.raises(CommandError, match="no active customer"):
        call_command("export_payments", "--customer", "nobody", "--dry-run")


def test_the_database_holds_that_a_transfer_is_first_exported_once(
    customer: Customer, payee: CounterpartyAccount, tmp_path: Path
) -> None:
    transfer = pay(payee)
    export(customer, tmp_path / "bank.xml")
    other = PaymentExport.objects.get()
    other.id = type(transfer).objects.values_list("pk", flat=True)[0]
    other.save(force_insert=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        ExportedTransfer.objects.create(export=other, transfer=transfer)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_exports_at_once_share_no_transfer() -> None:
    customer = a_customer()
    own_account(customer, is_primary=True)
    payee = suppliers_account(customer)
    for amount in range(1, 6):
        pay(payee, amount)
    start = Barrier(2)

    def take(_: int) -> int:
        try:
            start.wait(timeout=20)
            exported = export_payments(
                customer=customer, until=None, again=None, by="test", now=timezone.now(), write=lambda _: "x.xml"
            )
            return len(exported.payments)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        numbers = list(threads.map(take, range(2)))

    assert sorted(numbers) == [0, 5]
    assert ExportedTransfer.objects.count() == 5
